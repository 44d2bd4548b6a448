using NodeHost.Diffusion.Conditions;
using NodeHost.Diffusion.Sampling;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.Guidance;

/// <summary>Perp-Neg in the place of a sampler's own guidance.</summary>
/// <param name="empty">The empty prompt.</param>
/// <param name="weight">Weight of the negative prompt.</param>
public sealed class PerpendicularNegativeRule(Conditioning empty, double weight) : IGuidanceRule
{
    public IReadOnlyList<Conditioning> Conditionings { get; } = [empty];

    public Tensor Combine(in GuidanceStep step) =>
        step.HasNegative && step.Run is { } run
            ? PerpendicularNegative.Guide(
                step.Positive,
                step.Negative,
                run.Predict(new PredictionRequest { Conditioning = Conditionings[0] }),
                weight,
                step.Scale
            )
            : step.Guided;
}
