using NodeHost.Tensors;

namespace NodeHost.Images.Operations;

/// <summary>Makes batches of different length and channel count fit together.</summary>
public static class BatchSize
{
    /// <summary>Repeats the batch from its start, or cuts it off, so that it has <paramref name="count"/> elements.</summary>
    public static Tensor RepeatTo(Tensor batch, long count)
    {
        var length = batch.Length(0);
        if (length > count)
        {
            return batch.Slice(0, 0, count);
        }

        if (length == count)
        {
            return batch;
        }

        var counts = new long[batch.Rank];
        Array.Fill(counts, 1);
        counts[0] = (count + length - 1) / length;
        return batch.Repeat(counts).Slice(0, 0, count);
    }

    /// <summary>Appends copies of the last element until there are <paramref name="count"/>.</summary>
    public static Tensor ExtendTo(Tensor batch, long count)
    {
        var missing = count - batch.Length(0);
        return missing <= 0
            ? batch
            : Tensor.Concat([batch, batch.Slice(0, batch.Length(0) - 1).Repeat(missing, 1, 1, 1)], 0);
    }

    /// <summary>Gives <paramref name="source"/> the channels of <paramref name="destination"/>: alpha is dropped or added opaque.</summary>
    public static Tensor MatchChannels(Tensor destination, Tensor source)
    {
        var (wanted, given) = (destination.Length(-1), source.Length(-1));
        return given > wanted ? source.Slice(-1, 0, wanted)
            : given < wanted ? source.Pad([0, wanted - given], 1)
            : source;
    }
}
