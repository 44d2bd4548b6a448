using NodeHost.Tensors;

namespace NodeHost.Diffusion.Latents;

/// <summary>The linear map from a family's latents to colours that comes nearest to its autoencoder: a preview for next to nothing.</summary>
/// <param name="Factors">Red, green and blue of each latent channel, in -1..1.</param>
/// <remarks>
/// The tables of SDXL and Flux are those of InvokeAI (Apache-2.0):
/// https://github.com/invoke-ai/InvokeAI/blob/main/invokeai/app/util/step_callback.py
/// </remarks>
public sealed record LatentColours(IReadOnlyList<float[]> Factors)
{
    /// <summary>Fitted by least squares to preview pictures that ComfyUI sent for known latents.</summary>
    public static LatentColours Sd15 { get; } =
        new([
            [0.3486f, 0.2290f, 0.3140f],
            [0.3230f, 0.4950f, 0.2290f],
            [-0.2798f, 0.1750f, 0.2650f],
            [-0.2108f, -0.2607f, -0.6980f],
        ]);

    public static LatentColours Sdxl { get; } =
        new([
            [0.3816f, 0.4930f, 0.5320f],
            [-0.3753f, 0.1631f, 0.1739f],
            [0.1770f, 0.3588f, -0.2048f],
            [-0.4350f, -0.2644f, -0.4289f],
        ]);

    public static LatentColours Flux { get; } =
        new([
            [-0.0412f, 0.0149f, 0.0521f],
            [0.0056f, 0.0291f, 0.0768f],
            [0.0342f, -0.0681f, -0.0427f],
            [-0.0258f, 0.0092f, 0.0463f],
            [0.0863f, 0.0784f, 0.0547f],
            [-0.0017f, 0.0402f, 0.0158f],
            [0.0501f, 0.1058f, 0.1152f],
            [-0.0209f, -0.0218f, -0.0329f],
            [-0.0314f, 0.0083f, 0.0896f],
            [0.0851f, 0.0665f, -0.0472f],
            [-0.0534f, 0.0238f, -0.0024f],
            [0.0452f, -0.0026f, 0.0048f],
            [0.0892f, 0.0831f, 0.0881f],
            [-0.1117f, -0.0304f, -0.0789f],
            [0.0027f, -0.0479f, -0.0043f],
            [-0.1146f, -0.0827f, -0.0598f],
        ]);

    /// <summary>A picture [H, W, 3] in 0..1 of the first sample of a latent [B, C, H, W] at the network's scale.</summary>
    public Tensor Decode(Tensor latent)
    {
        ArgumentNullException.ThrowIfNull(latent);
        using var scope = new TensorScope();
        var pixels = latent.Select(0, 0).Permute(1, 2, 0).To(Device.Cpu, DType.Float32);
        float[] table = [.. Enumerable.Range(0, 3).SelectMany(colour => Factors.Select(channel => channel[colour]))];
        var colours = Functional.Linear(pixels, Tensor.From(table, 3, Factors.Count), null);
        return scope.Keep(((colours + 1) / 2).Clamp(0, 1));
    }
}
