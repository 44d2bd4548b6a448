using NodeHost.Diffusion.Attention;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.Sampling.Guidance;

/// <summary>
/// Perturbed-attention guidance, https://arxiv.org/abs/2403.17377: away from a prediction whose tokens, in the middle of
/// the UNet, attend to themselves only.
/// </summary>
/// <param name="scale">How far away; 0 costs nothing.</param>
public sealed class PerturbedAttentionGuidance(double scale) : IGuidanceHook
{
    public Tensor Apply(in GuidanceStep step)
    {
        if (scale == 0 || step.Run is not { } run)
        {
            return step.Guided;
        }
        var perturbed = run.Predict(new PredictionRequest { Attention = new SelfOnly() });
        return step.Guided + ((step.Positive - perturbed) * scale);
    }

    private sealed class SelfOnly : IAttentionHook
    {
        public Tensor Apply(in AttentionOutput output) =>
            output.Site is { Block: "middle", Layer: "attn1" } && output.Inputs is { } inputs
                ? inputs.Value
                : output.Value;
    }
}
