using NodeHost.Diffusion.Sampling;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.Guidance;

/// <summary>
/// Guidance may turn a prediction's channel vectors but not lengthen them: at each place the guided one is brought to the
/// positive one's length where it is longer.
/// </summary>
/// <remarks>After the true_cfg branch of diffusers' QwenImageEditPipeline (Apache-2.0), which always takes that length.</remarks>
/// <param name="strength">Factor of the result.</param>
public sealed class NormLimit(double strength) : IGuidanceHook
{
    private const double Epsilon = 1e-8;

    public Tensor Apply(in GuidanceStep step)
    {
        using var scope = new TensorScope();
        var wanted = step.Positive.Norm([1], keepDimensions: true);
        var given = step.Guided.Norm([1], keepDimensions: true);
        var factor = (wanted / (given + Epsilon)).Clamp(0, 1);
        return scope.Keep(step.Guided * factor * strength);
    }
}
