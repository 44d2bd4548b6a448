using NodeHost.Diffusion.Sampling.Noise;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.Sampling;

/// <summary>All that a sampler works on.</summary>
/// <param name="denoiser">The model with its guidance.</param>
/// <param name="x">The noisy latent [B, C, H, W] at the first noise level.</param>
/// <param name="sigmas">Noise levels from first to last, in float32 as the reference holds them.</param>
/// <param name="seed">Seed of the noise added on the way.</param>
public sealed class SamplerRun(IDenoiser denoiser, Tensor x, IReadOnlyList<float> sigmas, ulong seed)
{
    public Tensor X => x;

    public IReadOnlyList<float> Sigmas => sigmas;

    public ulong Seed => seed;

    public ModelSampling ModelSampling => denoiser.ModelSampling;

    /// <summary>Steps between the noise levels.</summary>
    public int StepCount => Math.Max(0, sigmas.Count - 1);

    /// <summary>Called once a step, usually between prediction and update.</summary>
    public Action<SamplerStep>? Callback { get; init; }

    /// <summary>Checked before every prediction.</summary>
    public CancellationToken Cancellation { get; init; }

    public Tensor Denoise(Tensor noisy, float sigma)
    {
        Cancellation.ThrowIfCancellationRequested();
        return denoiser.Denoise(noisy, sigma);
    }

    public GuidedDenoised DenoiseWithNegative(Tensor noisy, float sigma)
    {
        Cancellation.ThrowIfCancellationRequested();
        return denoiser.DenoiseWithNegative(noisy, sigma);
    }

    public void Report(int step, float sigma, Tensor denoised, Tensor noisy) =>
        Callback?.Invoke(new SamplerStep(step, StepCount, sigma, denoised, noisy));

    /// <summary>A second handle to the initial latent, which a sampler may replace and free.</summary>
    public Tensor Start() => x.Alias();

    /// <summary>Independent noise, the same for the same seed.</summary>
    public INoiseSource GaussianNoise() => new GaussianNoiseSource(x, seed);

    /// <summary>Noise that is consistent over overlapping steps, as stochastic differential equations need it.</summary>
    public INoiseSource BrownianNoise(Func<float, float>? transform = null)
    {
        var positive = sigmas.Where(sigma => sigma > 0).ToArray();
        return new BrownianNoiseSource(x, positive.Min(), positive.Max(), seed, transform);
    }
}
