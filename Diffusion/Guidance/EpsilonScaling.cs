using NodeHost.Diffusion.Sampling;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.Guidance;

/// <summary>
/// Epsilon scaling, https://arxiv.org/abs/2308.15321: sampling meets larger noise predictions than training did; dividing
/// them by a constant brings it back.
/// </summary>
/// <param name="factor">What the noise is divided by.</param>
public sealed class EpsilonScaling(double factor) : IGuidanceHook
{
    public Tensor Apply(in GuidanceStep step) => factor == 1 ? step.Guided : step.X - ((step.X - step.Guided) / factor);
}
