using NodeHost.Tensors;

namespace NodeHost.Diffusion.Checkpoints;

/// <summary>
/// A file whose float8 weights stand beside a factor each (<c>NAME.scale_weight</c>), by which they are multiplied when read;
/// factors of inputs are for float8 arithmetic and passed over.
/// </summary>
internal sealed class ScaledFloat8Source : IWeightSource
{
    private const string Weight = ".weight";
    private const string Scale = ".scale_weight";
    private static readonly string[] Extras = [Scale, ".scale_input", "scaled_fp8"];

    private readonly IWeightSource _source;

    private ScaledFloat8Source(IWeightSource source)
    {
        _source = source;
        Entries = source
            .Entries.Where(entry => !Array.Exists(Extras, entry.Key.EndsWith))
            .ToDictionary(
                entry => entry.Key,
                entry => ScaleOf(entry.Key) is null ? entry.Value : entry.Value with { DType = DType.Float32 },
                StringComparer.Ordinal
            );
    }

    public string Name => _source.Name;

    public IReadOnlyDictionary<string, WeightInfo> Entries { get; }

    /// <summary>The file as it stands, or with its factors applied where it has any.</summary>
    public static IWeightSource Over(IWeightSource source) =>
        source.Entries.Keys.Any(key => key.EndsWith(Scale, StringComparison.Ordinal))
            ? new ScaledFloat8Source(source)
            : source;

    public Tensor Read(string key)
    {
        if (ScaleOf(key) is not { } scale)
        {
            return _source.Read(key);
        }
        using var scope = new TensorScope();
        return scope.Keep(_source.Read(key).To(DType.Float32) * _source.Read(scale).To(DType.Float32));
    }

    public void Forget(string key) => _source.Forget(key);

    private string? ScaleOf(string key)
    {
        if (!key.EndsWith(Weight, StringComparison.Ordinal))
        {
            return null;
        }
        var scale = key[..^Weight.Length] + Scale;
        return _source.Entries.ContainsKey(scale) ? scale : null;
    }
}
