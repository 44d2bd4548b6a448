using NodeHost.Tensors;

namespace NodeHost.Diffusion.Sampling.Guidance;

/// <summary>
/// Brings the guided prediction's contrast back to the positive one's, in velocity space: section 3.4 of
/// https://arxiv.org/abs/2305.08891.
/// </summary>
/// <param name="multiplier">Share of the rescaled prediction.</param>
public sealed class RescaleGuidance(double multiplier) : IGuidanceRule
{
    public Tensor Combine(in GuidanceStep step)
    {
        var sigma = (float)step.Sigma;
        var variance = (sigma * sigma) + 1;
        var scaled = step.X / variance;
        var root = MathF.Sqrt(variance);

        // ComfyUI hands its hook x - denoised, and takes such a difference back. At zero terminal signal-to-noise ratio
        // x is thousands of times larger than the latent, and the rounding on this way shows in the picture.
        var x = step.X;
        var positive = (scaled - (x - (x - step.Positive))) * root / sigma;
        var negative = (scaled - (x - (x - step.Negative))) * root / sigma;
        var guided = negative + ((positive - negative) * step.Scale);
        var ratio = positive.Std([1, 2, 3], keepDimensions: true) / guided.Std([1, 2, 3], keepDimensions: true);
        var mixed = (guided * ratio * multiplier) + (guided * (1 - multiplier));
        return x - (x - (scaled - (mixed * sigma / root)));
    }
}
