using NodeHost.Diffusion.Latents;
using NodeHost.Diffusion.Sampling;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.Guidance;

/// <summary>FreSca, https://arxiv.org/abs/2504.02154: what guidance amplifies has its low and high frequencies scaled apart.</summary>
/// <param name="low">Factor of low frequencies.</param>
/// <param name="high">Factor of high ones.</param>
/// <param name="cutoff">Frequencies up to this one are low.</param>
public sealed class FrequencyScaling(double low, double high, int cutoff) : IPredictionHook
{
    public (Tensor Positive, Tensor Negative) Apply(in GuidanceStep step)
    {
        if (!step.HasNegative || (low == 1 && high == 1))
        {
            return (step.Positive, step.Negative);
        }
        using var scope = new TensorScope();
        var smallest = (int)Math.Min(step.X.Length(2) / 2, step.X.Length(3) / 2);
        var scaled = FrequencyFilter.Apply(step.Positive - step.Negative, low, high, Math.Min(cutoff, smallest));
        return (scope.Keep(step.Negative + scaled), step.Negative);
    }
}
