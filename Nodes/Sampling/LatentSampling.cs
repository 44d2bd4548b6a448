using NodeHost.Diffusion.Sampling;
using NodeHost.Diffusion.Sampling.Guidance;
using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Values;

namespace NodeHost.Nodes.Sampling;

/// <summary>What all sampling nodes do: fit the latent, draw noise, sample, report each step.</summary>
internal static class LatentSampling
{
    /// <summary>The sampled latent, and the last prediction of the result.</summary>
    /// <param name="context">The node's context.</param>
    /// <param name="guider">Model with its conditioning.</param>
    /// <param name="sampler">The algorithm.</param>
    /// <param name="sigmas">Noise levels from first to last.</param>
    /// <param name="latent">What is denoised.</param>
    /// <param name="noise">The noise to start from.</param>
    /// <param name="seed">Seed of the noise added on the way.</param>
    public static (Latent Output, Latent DenoisedOutput) Sample(
        NodeContext context,
        IGuider guider,
        ISampler sampler,
        IReadOnlyList<float> sigmas,
        Latent latent,
        INoise noise,
        ulong seed
    )
    {
        var fitted = latent with
        {
            Samples = SamplingRequest.FitEmptyLatent(latent.Samples, guider.Model.LatentFormat),
        };
        var previews = context.Find<SamplingPreviews>();
        var choice = context.Find<PreviewChoice>();
        var result = new SamplingRequest
        {
            Guider = guider,
            Sampler = sampler,
            Sigmas = sigmas,
            Noise = noise.Generate(fitted),
            Latent = fitted.Samples,
            NoiseMask = latent.NoiseMask,
            Seed = seed,
            Callback = step =>
                context.Progress(
                    step.Index + 1,
                    step.Count,
                    previews?.Render(guider.Model.LatentFormat, step.Denoised, context.Warn, choice)
                ),
            Cancellation = context.CancellationToken,
            Warn = warning => context.WarnAbout(warning.NodeId ?? context.NodeId, warning.Message),
            Log = context.Text,
        }.Run();
        return (fitted with { Samples = result.Latent }, fitted with { Samples = result.Denoised });
    }
}
