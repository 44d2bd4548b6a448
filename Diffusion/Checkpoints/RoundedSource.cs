using NodeHost.Tensors;

namespace NodeHost.Diffusion.Checkpoints;

/// <summary>A file whose numbers are rounded to float8 when they are read, as a loader's weight_dtype asks for.</summary>
/// <remarks>They are kept in a wider type: what is wished for is the same picture, not the small size.</remarks>
internal sealed class RoundedSource(IWeightSource source, DType format) : IWeightSource
{
    public string Name => source.Name;

    public IReadOnlyDictionary<string, WeightInfo> Entries => source.Entries;

    public Tensor Read(string key)
    {
        var info = Entries[key];
        if (!info.DType.IsFloatingPoint() || info.DType == format)
        {
            return source.Read(key);
        }
        using var scope = new TensorScope();
        return scope.Keep(Float8.Round(source.Read(key).To(DType.Float32), format));
    }

    public IEnumerable<string> OriginsOf(string key) => source.OriginsOf(key);

    public void Forget(string key) => source.Forget(key);
}
