using NodeHost.Diffusion.Sampling;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.Guidance;

/// <summary>
/// TCFG, https://arxiv.org/abs/2503.18137: of the negative score only the part along the first singular vector of both
/// scores is kept.
/// </summary>
/// <remarks>
/// Two rows make a matrix whose singular vectors follow from a 2x2 problem: with a, b, c the products n·n, n·p and p·p, the
/// first one lies along <c>n cos t + p sin t</c>, <c>tan 2t = 2b / (a - c)</c>.
/// </remarks>
public sealed class TangentialDamping : IPredictionHook
{
    public (Tensor Positive, Tensor Negative) Apply(in GuidanceStep step)
    {
        if (!step.HasNegative)
        {
            return (step.Positive, step.Negative);
        }
        using var scope = new TensorScope();
        // Scores but for their common factor.
        var (positive, negative) = (step.X - step.Positive, step.X - step.Negative);
        var (aa, ab, bb) = (Dot(negative, negative), Dot(negative, positive), Dot(positive, positive));
        var kept = new float[2 * aa.Length];
        for (var sample = 0; sample < aa.Length; sample++)
        {
            var angle = 0.5 * Math.Atan2(2 * ab[sample], aa[sample] - bb[sample]);
            var (sine, cosine) = Math.SinCos(angle);
            // Squared length of the direction, and the score's part along it.
            var square = (cosine * cosine * aa[sample]) + (2 * sine * cosine * ab[sample]) + (sine * sine * bb[sample]);
            var along = ((cosine * aa[sample]) + (sine * ab[sample])) / Math.Max(square, double.Epsilon);
            (kept[2 * sample], kept[2 * sample + 1]) = ((float)(along * cosine), (float)(along * sine));
        }
        var factors = Tensor.From(kept, aa.Length, 2).To(step.X.Device).Reshape(-1, 2, 1, 1, 1);
        var damped = (negative * factors.Select(1, 0)) + (positive * factors.Select(1, 1));
        return (step.Positive, scope.Keep(step.X - damped));
    }

    private static double[] Dot(Tensor a, Tensor b) =>
        (a.To(DType.Float64) * b.To(DType.Float64)).Sum(GuidanceStep.Sample).ToArray<double>();
}
