using NodeHost.Diffusion.Sampling;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.Guidance;

/// <summary>
/// CFG-Zero*, https://arxiv.org/abs/2503.18886, section 4.1: guidance starts from the negative velocity times the s* that
/// brings it nearest to the positive one, <c>s* v_n + w (v_p - s* v_n)</c>.
/// </summary>
public sealed class ZeroStarGuidance : IGuidanceHook
{
    // As cfg_zero_star_scale of diffusers (Apache-2.0).
    private const double Epsilon = 1e-8;

    public Tensor Apply(in GuidanceStep step)
    {
        if (!step.HasNegative)
        {
            return step.Guided;
        }
        using var scope = new TensorScope();
        // Velocities times the noise level, which the quotient does not see.
        var (positive, negative) = (step.X - step.Positive, step.X - step.Negative);
        var products = (positive * negative).Sum(GuidanceStep.Sample, keepDimensions: true);
        var squares = negative.Pow(2).Sum(GuidanceStep.Sample, keepDimensions: true) + Epsilon;
        return scope.Keep(step.Guided + (negative * (products / squares - 1) * (step.Scale - 1)));
    }
}
