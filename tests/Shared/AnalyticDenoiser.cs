using NodeHost.Diffusion.Sampling;
using NodeHost.Tensors;

namespace NodeHost.Tests.Shared;

/// <summary>The denoiser without a network that sampler cases were recorded with (formula in samplers.json's note).</summary>
internal sealed class AnalyticDenoiser(ModelSampling sampling, double cfg) : IDenoiser
{
    private const double PositiveGain = 0.25;
    private const double NegativeGain = -0.15;

    public ModelSampling ModelSampling => sampling;

    public Tensor Denoise(Tensor x, float sigma) => DenoiseWithNegative(x, sigma).Guided;

    public GuidedDenoised DenoiseWithNegative(Tensor x, float sigma)
    {
        var positive = Predict(x, sigma, PositiveGain);
        var negative = Predict(x, sigma, NegativeGain);
        return new GuidedDenoised(negative + ((positive - negative) * cfg), negative);
    }

    private Tensor Predict(Tensor x, float sigma, double gain)
    {
        // Products in the order of the recorded formula: dpm_adaptive magnifies their rounding.
        if (sampling.IsFlow)
        {
            var mix = ((1 - sigma) * (1 - sigma)) + (sigma * sigma);
            return (x * (1 - sigma) / mix) + (x.Tanh() * gain * sigma);
        }
        var variance = 1 + (sigma * sigma);
        return (x / variance) + ((x / MathF.Sqrt(variance)).Tanh() * gain * sigma / (1 + sigma));
    }
}
