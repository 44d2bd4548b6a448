using NodeHost.Tensors;

namespace NodeHost.Diffusion.Sampling;

/// <summary>
/// Keeps the unmasked part of a latent: the network sees it noised to the step's level, and the prediction has it
/// unchanged.
/// </summary>
internal sealed class MaskedDenoiser(
    IDenoiser inner,
    Tensor mask,
    Tensor latent,
    Tensor noise,
    IReadOnlyList<float> sigmas,
    IDenoiseMaskHook? hook
) : IDenoiser
{
    public ModelSampling ModelSampling => inner.ModelSampling;

    public Tensor Denoise(Tensor x, float sigma)
    {
        var current = CurrentMask(sigma);
        return Restore(inner.Denoise(Mix(x, current, sigma), sigma), current);
    }

    public GuidedDenoised DenoiseWithNegative(Tensor x, float sigma)
    {
        var current = CurrentMask(sigma);
        var (guided, negative) = inner.DenoiseWithNegative(Mix(x, current, sigma), sigma);
        return new GuidedDenoised(Restore(guided, current), negative);
    }

    private Tensor CurrentMask(float sigma) => hook?.Apply(mask, sigma, sigmas, ModelSampling) ?? mask;

    private Tensor Mix(Tensor x, Tensor current, float sigma) =>
        (x * current) + (ModelSampling.NoiseScaling(sigma, noise, latent) * (1 - current));

    private Tensor Restore(Tensor denoised, Tensor current) => (denoised * current) + (latent * (1 - current));
}
