using NodeHost.Diffusion.Sampling;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.Guidance;

/// <summary>
/// Guidance of Lumina-Image 2.0, https://arxiv.org/abs/2503.21758, section 4.2: the guided velocity may be at most so many
/// times as long as the positive one (CFG-Renorm), and below a noise level there is guidance, above it none (CFG-Trunc).
/// </summary>
/// <remarks>As forward_with_cfg of https://github.com/Alpha-VLLM/Lumina-Image-2.0 (Apache-2.0), for each sample.</remarks>
/// <param name="truncation">Noise level from which on the positive prediction stands alone.</param>
/// <param name="largest">Largest length over the positive one's; 0 for no limit.</param>
public sealed class RenormalizedGuidance(double truncation, double largest) : IGuidanceRule
{
    public Tensor Combine(in GuidanceStep step)
    {
        if (step.Sigma >= truncation)
        {
            return step.Positive;
        }
        if (largest <= 0 || !step.HasNegative)
        {
            return step.Guided;
        }
        using var scope = new TensorScope();
        var (positive, guided) = (step.X - step.Positive, step.X - step.Guided);
        var limit = positive.Norm(GuidanceStep.Sample, keepDimensions: true) * largest;
        var length = guided.Norm(GuidanceStep.Sample, keepDimensions: true);
        var factor = length.GreaterThan(limit).Where(limit / length, Tensor.OnesLike(length));
        return scope.Keep(step.X - (guided * factor));
    }
}
