using NodeHost.Diffusion.Sampling;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.Guidance;

/// <summary>
/// "Mahiro": guidance is mixed with the scaled positive prediction, the more of it the less the negative one resembles
/// where both lead.
/// </summary>
/// <remarks>
/// With p and n the scaled predictions and g the guided one, the likeness of n and (p + g) / 2 is their mean cosine over
/// places, of square roots that keep their sign; s = 2 (likeness + 1) parts of g and 4 - s of p make the result.
/// </remarks>
public sealed class DirectionalGuidance : IGuidanceHook
{
    private const double Parts = 4;
    private const double Smallest = 1e-8;

    public Tensor Apply(in GuidanceStep step)
    {
        if (!step.HasNegative)
        {
            return step.Guided;
        }
        using var scope = new TensorScope();
        var leap = step.Positive * step.Scale;
        var retreat = SignedRoot(step.Negative * step.Scale);
        var middle = SignedRoot((leap + step.Guided) / 2);
        var share = (Cosine(retreat, middle).Mean() + 1) * 2;
        return scope.Keep(((share * step.Guided) + ((Parts - share) * leap)) / Parts);
    }

    private static Tensor SignedRoot(Tensor x) => x.LessThan(0).Where(-x.Abs().Sqrt(), x.Abs().Sqrt());

    /// <summary>Of the channel vectors at each place.</summary>
    private static Tensor Cosine(Tensor a, Tensor b)
    {
        var lengths = a.Norm([1]).Clamp(Smallest, null) * b.Norm([1]).Clamp(Smallest, null);
        return (a * b).Sum([1]) / lengths;
    }
}
