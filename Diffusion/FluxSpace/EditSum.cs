using NodeHost.Tensors;

namespace NodeHost.Diffusion.FluxSpace;

/// <summary>
/// The arithmetic of one attention layer: <c>attn + sum_i s_i (m_i - attn)</c>, where <c>m_i</c> mixes what attention gives
/// under the prompts of slot i. Every prompt adds its weight times its attention to one running sum M, so the result is
/// <c>attn + (M - S attn)</c> with <c>S = sum_i s_i</c>, and memory does not grow with the number of slots.
/// </summary>
/// <remarks>
/// Differences are formed before they are added, so a prompt that equals the base leaves every bit as it was. Sums are in
/// float32 whatever the network computes in: a difference is a small part of what it is formed from, and would be lost in
/// half precision.
/// </remarks>
internal sealed class EditSum : IDisposable
{
    private Tensor? _sum;

    /// <summary>Adds <c>weight * attention</c> to M. Product and sum round one by one, so that order does not matter for two.</summary>
    public void Add(Tensor attention, double weight)
    {
        using var scope = new TensorScope();
        var weighted = attention.To(DType.Float32) * weight;
        if (_sum is null)
        {
            _sum = weighted.Retain();
        }
        else
        {
            _sum.AddInPlace(weighted);
        }
    }

    /// <summary>The edited attention.</summary>
    /// <param name="attention">The base's.</param>
    /// <param name="totalScale">S, the sum of the slots' scales.</param>
    public Tensor Steer(Tensor attention, double totalScale)
    {
        if (_sum is null)
        {
            return SteerTowardsNothing(attention, totalScale);
        }
        using var scope = new TensorScope();
        var own = attention.To(DType.Float32);
        return scope.Keep((own + (_sum - own * totalScale)).To(attention.DType));
    }

    /// <summary>The paper's variant: M without what it shares with a neutral prompt's attention is added, and nothing taken away.</summary>
    public Tensor SteerAside(Tensor attention, Tensor neutral)
    {
        if (_sum is null)
        {
            return attention;
        }
        using var scope = new TensorScope();
        var own = attention.To(DType.Float32);
        return scope.Keep((own + NeutralProjection.Remove(_sum, neutral)).To(attention.DType));
    }

    /// <summary>The result where the weights of all prompts cancel each other.</summary>
    public static Tensor SteerTowardsNothing(Tensor attention, double totalScale) =>
        totalScale == 0 ? attention : attention - attention * totalScale;

    public void Dispose()
    {
        _sum?.Dispose();
        _sum = null;
    }
}
