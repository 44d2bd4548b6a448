using NodeHost.Tensors;

namespace NodeHost.Diffusion.Checkpoints;

/// <summary>Which weights of one network are kept in memory, and how many bytes all of them take. Thread-safe.</summary>
/// <param name="forget">Told of a weight whose stored bytes are not needed soon.</param>
internal sealed class WeightResidency(Action<Weight> forget)
{
    private readonly Lock _lock = new();
    private readonly List<Weight> _weights = [];

    /// <summary>Tensors read for blocks that may still run.</summary>
    private readonly List<(Weight Weight, Tensor Tensor)> _passing = [];
    private long _keptBytes;
    private long _passingBytes;
    private long _peakBytes;

    public long KeptBytes => Interlocked.Read(ref _keptBytes);

    /// <summary>Bytes of all weights, kept or not.</summary>
    public long TotalBytes { get; private set; }

    public long PeakBytes => Interlocked.Read(ref _peakBytes);

    /// <summary>Bytes that are in memory now: kept, or read for a block that has not ended.</summary>
    public long ResidentBytes
    {
        get
        {
            lock (_lock)
            {
                DropEnded();
                return _keptBytes + _passingBytes;
            }
        }
    }

    /// <summary>Bytes of the largest block: weights whose names agree up to their first number.</summary>
    public long LargestBlockBytes
    {
        get
        {
            lock (_lock)
            {
                return _weights
                    .GroupBy(weight => BlockOf(weight.Name))
                    .Select(block => block.Sum(weight => weight.ByteCount))
                    .DefaultIfEmpty()
                    .Max();
            }
        }
    }

    /// <summary>One more weight, kept at once if that stays within <paramref name="share"/> bytes.</summary>
    public void Add(Weight weight, long share)
    {
        lock (_lock)
        {
            _weights.Add(weight);
            TotalBytes += weight.ByteCount;
            KeepIfFits(weight, share);
        }
    }

    /// <summary>Keeps further weights, in the order blocks use them, as long as all kept ones stay within so many bytes.</summary>
    public void Grow(long share)
    {
        lock (_lock)
        {
            foreach (var weight in _weights)
            {
                KeepIfFits(weight, share);
            }
        }
    }

    /// <summary>Gives up kept weights, the last ones first, until so many bytes are free. No block may be running.</summary>
    public void Shrink(long bytes)
    {
        lock (_lock)
        {
            for (var index = _weights.Count - 1; index >= 0 && bytes > 0; index--)
            {
                var weight = _weights[index];
                if (weight.IsKept)
                {
                    weight.GiveUp();
                    forget(weight);
                    _keptBytes -= weight.ByteCount;
                    bytes -= weight.ByteCount;
                }
            }
            DropEnded();
        }
    }

    /// <summary>Counts a tensor that lives as long as the block it was read for.</summary>
    public void Pass(Weight weight, Tensor tensor)
    {
        lock (_lock)
        {
            DropEnded();
            _passing.Add((weight, tensor));
            _passingBytes += weight.ByteCount;
            NotePeak();
        }
    }

    private void KeepIfFits(Weight weight, long share)
    {
        if (!weight.IsKept && _keptBytes + weight.ByteCount <= share)
        {
            weight.Keep();
            _keptBytes += weight.ByteCount;
            NotePeak();
        }
    }

    private void NotePeak() => _peakBytes = Math.Max(_peakBytes, _keptBytes + _passingBytes);

    /// <summary>Blocks do not tell when they end: their tensors are freed by then.</summary>
    private void DropEnded()
    {
        for (var index = _passing.Count - 1; index >= 0; index--)
        {
            var (weight, tensor) = _passing[index];
            if (tensor.IsDisposed)
            {
                _passing.RemoveAt(index);
                _passingBytes -= weight.ByteCount;
                forget(weight);
            }
        }
    }

    private static string BlockOf(string name)
    {
        var start = 0;
        while (start < name.Length)
        {
            var end = name.IndexOf('.', start);
            end = end < 0 ? name.Length : end;
            if (name.AsSpan(start, end - start).IndexOfAnyExceptInRange('0', '9') < 0)
            {
                return name[..end];
            }
            start = end + 1;
        }
        return name;
    }
}
