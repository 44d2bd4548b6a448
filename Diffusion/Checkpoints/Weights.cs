namespace NodeHost.Diffusion.Checkpoints;

/// <summary>A place in a checkpoint's keys: <c>w["input_blocks"][0]</c>. Layers ask it for their tensors.</summary>
/// <remarks>The idea is candle's VarBuilder: https://github.com/huggingface/candle/blob/main/candle-nn/src/var_builder.rs</remarks>
public readonly record struct Weights
{
    private readonly WeightSet _set;
    private readonly string _path;

    internal Weights(WeightSet set, string path)
    {
        _set = set;
        _path = path;
    }

    /// <summary>Where the network computes, and in what type.</summary>
    public ComputePlace Place => _set.Place;

    /// <summary>The place one name deeper.</summary>
    public Weights this[string name] => new(_set, $"{_path}{name}.");

    /// <summary>The place one number deeper.</summary>
    public Weights this[int index] => new(_set, $"{_path}{index}.");

    /// <summary>The tensor of this name, of exactly this shape; read now, or by the blocks that use it.</summary>
    /// <exception cref="WeightException">It is missing or of another shape.</exception>
    public Weight Tensor(string name, params ReadOnlySpan<long> shape) => _set.Take(_path + name, shape);

    /// <summary>The tensor of this name, or null where the checkpoint has none.</summary>
    public Weight? OptionalTensor(string name, params ReadOnlySpan<long> shape) =>
        Has(name) ? Tensor(name, shape) : null;

    /// <summary>Whether there is a tensor of this name.</summary>
    public bool Has(string name) => _set.Find(_path + name) is not null;

    /// <summary>Whether there is a tensor anywhere under this name.</summary>
    public bool HasUnder(string name) => _set.HasUnder($"{_path}{name}.");

    /// <summary>The shape of a tensor, to read a configuration from; null where there is none, or no number in it.</summary>
    public IReadOnlyList<long>? ShapeOf(string name) =>
        _set.Find(_path + name)?.Shape is { } shape && !shape.Contains(0) ? shape : null;

    /// <summary>How many numbered places follow each other here, from 0 on.</summary>
    public int CountNumbered()
    {
        var count = 0;
        while (HasUnder($"{count}"))
        {
            count++;
        }
        return count;
    }

    /// <summary>Passes over a buffer that files carry and no layer reads.</summary>
    public void Pass(string name) => _set.Pass(_path + name);

    public override string ToString() => _path.TrimEnd('.');
}
