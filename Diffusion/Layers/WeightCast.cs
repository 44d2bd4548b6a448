using NodeHost.Tensors;

namespace NodeHost.Diffusion.Layers;

/// <summary>Weights that are kept in another type than they are used in.</summary>
internal static class WeightCast
{
    /// <summary>The weight in the type of <paramref name="x"/>: itself, or a cast that lives as long as the block runs.</summary>
    public static Tensor As(this Tensor weight, Tensor x) => weight.DType == x.DType ? weight : weight.To(x.DType);
}
