using NodeHost.Tensors;

namespace NodeHost.Diffusion.Checkpoints;

/// <summary>Keys and shapes without data: networks of full size are built from it on the meta device, in milliseconds.</summary>
public sealed class ShapeSource(string name, IReadOnlyDictionary<string, WeightInfo> entries) : IWeightSource
{
    public string Name { get; } = name;

    public IReadOnlyDictionary<string, WeightInfo> Entries { get; } = entries;

    public Tensor Read(string key)
    {
        var info = Entries[key];
        // Which type stands in for float8 does not matter where no data is.
        var dtype = info.DType is DType.Float8E4M3 or DType.Float8E5M2 ? DType.Float16 : info.DType;
        return Tensor.Empty([.. info.Shape], dtype, Device.Meta);
    }
}
