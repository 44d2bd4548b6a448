using NodeHost.Tensors;

namespace NodeHost.Diffusion.Layers;

/// <summary>Sinusoids of a time, from high to low frequency: cosines, then sines.</summary>
/// <remarks>"Attention Is All You Need", Vaswani et al. 2017, section 3.5; the order is DDPM's.</remarks>
internal static class TimestepEmbedding
{
    private const double MaxPeriod = 10_000;

    /// <summary>times [B] to [B, width].</summary>
    public static Tensor Sinusoids(Tensor times, long width)
    {
        var half = width / 2;
        var frequencies = (Tensor.Arange(0, half, device: times.Device) * -Math.Log(MaxPeriod) / half).Exp();
        var angles = times.To(DType.Float32).Unsqueeze(1) * frequencies.Unsqueeze(0);
        return Tensor.Concat([angles.Cos(), angles.Sin()], -1);
    }
}
