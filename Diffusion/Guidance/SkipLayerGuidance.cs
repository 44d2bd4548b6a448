using NodeHost.Diffusion.Sampling;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.Guidance;

/// <summary>
/// Skip layer guidance: away from a positive prediction made without some of the transformer's blocks.
/// </summary>
/// <remarks>
/// From Stable Diffusion 3.5 medium's reference inference, https://github.com/Stability-AI/sd3.5 (MIT), with the difference
/// taken from the positive prediction, as in "Spatiotemporal Skip Guidance", https://arxiv.org/abs/2411.18664, and its
/// rescaling.
/// </remarks>
/// <param name="layers">What is left out.</param>
/// <param name="scale">How far away; 0 costs nothing.</param>
/// <param name="start">Fraction of the run from which it applies.</param>
/// <param name="end">Fraction of the run up to which it applies.</param>
/// <param name="rescaling">Share of a result whose contrast is the positive prediction's.</param>
public sealed class SkipLayerGuidance(
    SkippedLayers layers,
    double scale,
    double start,
    double end,
    double rescaling = 0
) : IGuidanceHook
{
    public Tensor Apply(in GuidanceStep step)
    {
        if (scale <= 0 || layers.IsEmpty || step.Run is not { } run || !Covers(run.Sampling, step.Sigma))
        {
            return step.Guided;
        }
        var without = run.Predict(new PredictionRequest { Block = layers.Hook((_, _) => true) });
        var guided = step.Guided + ((step.Positive - without) * scale);
        if (rescaling == 0)
        {
            return guided;
        }
        var ratio =
            step.Positive.Std(GuidanceStep.Sample, keepDimensions: true)
            / guided.Std(GuidanceStep.Sample, keepDimensions: true);
        return guided * ((ratio * rescaling) + (1 - rescaling));
    }

    private bool Covers(ModelSampling sampling, double sigma) =>
        sigma <= sampling.PercentToSigma(start) && sigma >= sampling.PercentToSigma(end);
}
