using NodeHost.Diffusion.Conditions;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.Sampling.Guidance;

/// <summary>Adds up the predictions of one slot, each with its weights, and divides by the sum of the weights.</summary>
internal sealed class PredictionSum(Tensor x)
{
    /// <summary>Keeps a place that no condition covers at 0 instead of dividing by 0.</summary>
    private const double SmallestCount = 1e-37;

    private Tensor? _only;
    private Tensor? _sum;
    private Tensor? _count;

    /// <param name="prediction">A denoised latent, of the condition's area.</param>
    /// <param name="condition">What it was made under.</param>
    /// <param name="given">Weights for the whole canvas that take the place of the condition's own.</param>
    public void Add(Tensor prediction, PreparedCondition condition, Tensor? given = null)
    {
        if (given is null && _sum is null && _only is null && condition.IsPlain && condition.Strength == 1)
        {
            // Alone, which is the rule, it is its own mean.
            _only = prediction;
            return;
        }
        if (_sum is null)
        {
            _sum = Tensor.ZerosLike(x);
            _count = Tensor.Full(x.Shape, SmallestCount, x.DType, x.Device);
            if (_only is not null)
            {
                _sum.AddInPlace(_only);
                _count += 1;
                _only = null;
            }
        }
        var area = ConditionWeights.AreaOf(condition, x);
        var weights = given is null
            ? ConditionWeights.Compute(condition, area, x.Shape).To(x.Device)
            : Part(given, area);
        Part(_sum, area).AddInPlace(prediction * weights);
        Part(_count!, area).AddInPlace(weights);
    }

    /// <summary>The weighted mean; 0 where there is no prediction.</summary>
    public Tensor Mean() => _only ?? (_sum is null ? Tensor.ZerosLike(x) : _sum / _count!);

    private static Tensor Part(Tensor tensor, LatentArea area) =>
        tensor.Slice(2, area.Y, area.Y + area.Height).Slice(3, area.X, area.X + area.Width);
}
