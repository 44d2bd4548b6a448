using NodeHost.Diffusion.Sampling.Noise;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.Sampling;

/// <summary>One run of a sampler, from a latent and noise to the latent at the last noise level.</summary>
public sealed record Trajectory
{
    public required ISampler Sampler { get; init; }

    public required IDenoiser Denoiser { get; init; }

    /// <summary>Noise levels from first to last.</summary>
    public required IReadOnlyList<float> Sigmas { get; init; }

    /// <summary>Standard normal noise [B, C, H, W].</summary>
    public required Tensor Noise { get; init; }

    /// <summary>What the noise is added to, at the network's scale; zeros for a picture from nothing.</summary>
    public required Tensor Latent { get; init; }

    /// <summary>Seed of the noise added on the way.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Where to denoise, in the latent's shape; null = everywhere.</summary>
    public Tensor? Mask { get; init; }

    public IDenoiseMaskHook? MaskHook { get; init; }

    public Action<SamplerStep>? Callback { get; init; }

    public CancellationToken Cancellation { get; init; }

    /// <summary>Runs it; all that it allocates but the result is freed at the end.</summary>
    public Tensor Run()
    {
        using var scope = new TensorScope();
        var sampling = Denoiser.ModelSampling;
        var x = sampling.NoiseScaling(Sigmas[0], Noise, Latent, sampling.IsMaxDenoise(Sigmas[0]));
        var run = new SamplerRun(Masked(), x, Sigmas, Seed) { Callback = Callback, Cancellation = Cancellation };
        return scope.Keep(sampling.InverseNoiseScaling(Sigmas[^1], Sampler.Sample(run)).Alias());
    }

    private IDenoiser Masked()
    {
        if (Mask is null)
        {
            return Denoiser;
        }
        var noise = Sampler.DrawsInpaintNoise
            ? InitialNoise.Prepare(Noise.Shape, unchecked(Seed + 1)).To(Noise.Device)
            : Noise;
        return new MaskedDenoiser(Denoiser, Mask, Latent, noise, Sigmas, MaskHook);
    }
}
