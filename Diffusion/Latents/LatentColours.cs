using NodeHost.Tensors;

namespace NodeHost.Diffusion.Latents;

/// <summary>The linear map from a family's latents to colours that comes nearest to its autoencoder: a preview for next to nothing.</summary>
/// <param name="Factors">Red, green and blue of each latent channel, in -1..1.</param>
/// <param name="Bias">Added to red, green and blue.</param>
public sealed record LatentColours(IReadOnlyList<float[]> Factors, float[] Bias)
{
    public static LatentColours Sd15 { get; } =
        new(
            [
                [0.3512f, 0.2297f, 0.3227f],
                [0.3250f, 0.4974f, 0.2350f],
                [-0.2829f, 0.1762f, 0.2721f],
                [-0.2120f, -0.2616f, -0.7177f],
            ],
            [0, 0, 0]
        );

    public static LatentColours Sdxl { get; } =
        new(
            [
                [0.3651f, 0.4232f, 0.4341f],
                [-0.2533f, -0.0042f, 0.1068f],
                [0.1076f, 0.1111f, -0.0362f],
                [-0.3165f, -0.2492f, -0.2188f],
            ],
            [0.1084f, -0.0175f, -0.0011f]
        );

    public static LatentColours Flux { get; } =
        new(
            [
                [-0.0346f, 0.0244f, 0.0681f],
                [0.0034f, 0.0210f, 0.0687f],
                [0.0275f, -0.0668f, -0.0433f],
                [-0.0174f, 0.0160f, 0.0617f],
                [0.0859f, 0.0721f, 0.0329f],
                [0.0004f, 0.0383f, 0.0115f],
                [0.0405f, 0.0861f, 0.0915f],
                [-0.0236f, -0.0185f, -0.0259f],
                [-0.0245f, 0.0250f, 0.1180f],
                [0.1008f, 0.0755f, -0.0421f],
                [-0.0515f, 0.0201f, 0.0011f],
                [0.0428f, -0.0012f, -0.0036f],
                [0.0817f, 0.0765f, 0.0749f],
                [-0.1264f, -0.0522f, -0.1103f],
                [-0.0280f, -0.0881f, -0.0499f],
                [-0.1262f, -0.0982f, -0.0778f],
            ],
            [-0.0329f, -0.0718f, -0.0851f]
        );

    /// <summary>A picture [H, W, 3] in 0..1 of the first sample of a latent [B, C, H, W] at the network's scale.</summary>
    public Tensor Decode(Tensor latent)
    {
        ArgumentNullException.ThrowIfNull(latent);
        using var scope = new TensorScope();
        var pixels = latent.Select(0, 0).Permute(1, 2, 0).To(Device.Cpu, DType.Float32);
        float[] table = [.. Enumerable.Range(0, 3).SelectMany(colour => Factors.Select(channel => channel[colour]))];
        var colours = Functional.Linear(pixels, Tensor.From(table, 3, Factors.Count), Tensor.From(Bias, 3));
        return scope.Keep(((colours + 1) / 2).Clamp(0, 1));
    }
}
