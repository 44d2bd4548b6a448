using NodeHost.Diffusion.Models;
using NodeHost.Diffusion.Sampling;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.Guidance;

/// <summary>
/// Adaptive projected guidance, https://arxiv.org/abs/2410.02416, algorithm 1: what guidance adds is averaged over steps,
/// cut to a length, and its part along the positive prediction, which saturates, is scaled apart.
/// </summary>
/// <param name="parallel">Factor eta of the part along the positive prediction; 1 leaves it.</param>
/// <param name="longest">Length r that what guidance adds is cut to; 0 for none.</param>
/// <param name="momentum">Factor beta of the steps before; 0 forgets them.</param>
public sealed class ProjectedGuidance(double parallel, double longest, double momentum) : IPredictionHook
{
    public (Tensor Positive, Tensor Negative) Apply(in GuidanceStep step)
    {
        var changesNothing = parallel == 1 && longest <= 0 && momentum == 0;
        if (!step.HasNegative || step.Scale == 0 || changesNothing)
        {
            return (step.Positive, step.Negative);
        }
        using var scope = new TensorScope();
        var difference = Averaged(step);
        if (longest > 0)
        {
            var length = difference.Norm(GuidanceStep.Sample, keepDimensions: true);
            difference *= (longest / length).Clamp(null, 1);
        }
        // The paper's result is p + (w - 1) d; guidance makes n + w (p' - n) of the p' given here.
        var added = Projected(difference, step.Positive) * (step.Scale - 1);
        var wanted = (step.Positive - step.Negative + added) / step.Scale;
        return (scope.Keep(step.Negative + wanted), step.Negative);
    }

    private Tensor Averaged(in GuidanceStep step)
    {
        var difference = step.Positive - step.Negative;
        if (momentum == 0 || step.Run?.Memory.Of(this, () => new RememberedTensor()) is not { } average)
        {
            return difference;
        }
        // A sampler that changes the latent's size begins anew.
        if (average.Value is { } before && before.Shape.SequenceEqual(difference.Shape))
        {
            difference += before * momentum;
        }
        average.Set(difference);
        return difference;
    }

    private Tensor Projected(Tensor difference, Tensor positive)
    {
        if (parallel == 1)
        {
            return difference;
        }
        var (d, p) = (difference.To(DType.Float64), positive.To(DType.Float64));
        var squares = p.Pow(2).Sum(GuidanceStep.Sample, keepDimensions: true).Clamp(double.Epsilon, null);
        var along = p * ((d * p).Sum(GuidanceStep.Sample, keepDimensions: true) / squares);
        return (d + (along * (parallel - 1))).To(difference.DType);
    }
}
