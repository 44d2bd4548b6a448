using NodeHost.Tensors;

namespace NodeHost.Diffusion.FluxSpace.Measurement;

/// <summary>Statistics of one tensor [rows, tokens, D] over rows and tokens.</summary>
internal static class SiteStatistics
{
    public static float[] Mean(Tensor value) => Flat(value).Mean([0]).ToArray<float>();

    /// <summary>For each channel the root of the mean square.</summary>
    public static float[] RootMeanSquare(Tensor value)
    {
        var flat = Flat(value);
        return (flat * flat).Mean([0]).Sqrt().ToArray<float>();
    }

    /// <summary>Frobenius norm.</summary>
    public static float[] Norm(Tensor value)
    {
        var flat = Flat(value);
        return [(float)Math.Sqrt((flat * flat).Sum().Item())];
    }

    public static float[] Largest(Tensor value) => [(float)value.Abs().Max().Item()];

    /// <summary>Cosine of the angle between two tensors, flattened; 0 where one of them is 0.</summary>
    public static float[] Cosine(Tensor first, Tensor second)
    {
        var lengths = (double)Norm(first)[0] * Norm(second)[0];
        return [lengths == 0 ? 0 : (float)((Flat(first) * Flat(second)).Sum().Item() / lengths)];
    }

    private static Tensor Flat(Tensor value) => value.Reshape(-1, value.Length(-1)).To(DType.Float32);
}
