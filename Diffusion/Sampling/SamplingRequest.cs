using NodeHost.Diffusion.Models;
using NodeHost.Diffusion.Sampling.Guidance;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.Sampling;

/// <summary>Everything that sampling nodes ask for: from a latent at the autoencoder's scale to a denoised one.</summary>
public sealed record SamplingRequest
{
    public required IGuider Guider { get; init; }

    public required ISampler Sampler { get; init; }

    /// <summary>Noise levels from first to last; none leave the latent as it is.</summary>
    public required IReadOnlyList<float> Sigmas { get; init; }

    /// <summary>Standard normal noise in the latent's shape, or zeros to add none.</summary>
    public required Tensor Noise { get; init; }

    /// <summary>What is denoised, at the autoencoder's scale [B, C, H, W].</summary>
    public required Tensor Latent { get; init; }

    /// <summary>Seed of the noise added on the way.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Where to denoise: 1 = change, 0 = keep; any size.</summary>
    public Tensor? NoiseMask { get; init; }

    public Action<SamplerStep>? Callback { get; init; }

    public CancellationToken Cancellation { get; init; }

    /// <summary>Tells the user something that is no error.</summary>
    public Action<RunWarning>? Warn { get; init; }

    /// <summary>Shows how the work goes, to who asked for it.</summary>
    public Action<string>? Log { get; init; }

    /// <summary>A latent of zeros, repeated to the channels that a model's latents have.</summary>
    public static Tensor FitEmptyLatent(Tensor latent, LatentFormat format)
    {
        ArgumentNullException.ThrowIfNull(latent);
        ArgumentNullException.ThrowIfNull(format);
        if (latent.Length(1) == format.Channels || latent.Any())
        {
            return latent;
        }
        var repeats = (format.Channels + latent.Length(1) - 1) / latent.Length(1);
        return latent.Repeat(1, repeats, 1, 1).Slice(1, 0, format.Channels);
    }

    /// <summary>Samples; all that it allocates but the result is freed at the end.</summary>
    public SamplingResult Run()
    {
        if (Sigmas.Count == 0)
        {
            return new SamplingResult(Latent, Latent);
        }
        using var scope = new TensorScope();
        var model = Guider.Model;
        var network = model.Source.Load(model.Patches);
        CheckLatent(model.LatentFormat);

        // An empty latent has no scale.
        var latent = (Latent.Any() ? model.LatentFormat.ProcessIn(Latent) : Latent).To(network.Device);
        var mask = NoiseMask is null ? null : DenoiseMask.Prepare(NoiseMask, Latent.Shape).To(network.Device);
        var canvas = new SamplingCanvas(latent, mask, model.LatentFormat);
        using var denoiser = new GuidedDenoiser(Guider, network, canvas, Sigmas, Cancellation, Warn, Log);
        Tensor? last = null;
        var sampled = new Trajectory
        {
            Sampler = Sampler,
            Denoiser = denoiser,
            Sigmas = Sigmas,
            Noise = Noise.To(network.Device),
            Latent = latent,
            Seed = Seed,
            Mask = mask,
            MaskHook = model.MaskHook,
            Callback = step =>
            {
                last?.Release();
                last = step.Denoised.Alias().Retain();
                Callback?.Invoke(step);
            },
            Cancellation = Cancellation,
        };
        try
        {
            var result = model.LatentFormat.ProcessOut(sampled.Run()).To(Latent.Device);
            var denoised = last is null ? result : model.LatentFormat.ProcessOut(last).To(Latent.Device);
            return new SamplingResult(scope.Keep(result), scope.Keep(denoised));
        }
        finally
        {
            last?.Release();
        }
    }

    private void CheckLatent(LatentFormat format)
    {
        if (Latent.Rank != 4 || Latent.Length(1) != format.Channels)
        {
            throw new ArgumentException(
                $"latent_image: expected [batch, {format.Channels}, height, width] for {Guider.Model.Source.Name}, "
                    + $"got {Latent}. Encode the picture with the model's own VAE, or use an empty latent."
            );
        }
    }
}
