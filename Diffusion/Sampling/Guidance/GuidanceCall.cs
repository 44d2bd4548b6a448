using NodeHost.Diffusion.Attention;
using NodeHost.Diffusion.Models;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.Sampling.Guidance;

/// <summary>What a guider may do for one prediction.</summary>
/// <param name="predict">Predictions for slots of the guider's conditionings.</param>
public sealed class GuidanceCall(
    DiffusionModel model,
    Tensor x,
    float sigma,
    bool needsNegative,
    Func<IReadOnlyList<int>, IAttentionHook?, Tensor[]> predict
)
{
    /// <summary>Whether the negative prediction is wanted for itself, even at a scale of 1.</summary>
    public bool NeedsNegative { get; } = needsNegative || model.GuidanceHooks.Any(hook => hook.NeedsNegative);

    /// <summary>Denoised latents under the conditionings in these slots, made in one batch where shapes allow.</summary>
    public Tensor[] Predict(params IReadOnlyList<int> slots) => predict(slots, null);

    /// <summary>Classifier-free guidance, https://arxiv.org/abs/2207.12598, and the model's guidance hooks.</summary>
    /// <param name="positive">Prediction to go towards.</param>
    /// <param name="negative">Prediction to go away from; the same tensor where it was skipped.</param>
    /// <param name="scale">How far to go.</param>
    /// <param name="positiveSlot">Slot of the positive conditioning.</param>
    public Tensor Combine(Tensor positive, Tensor negative, double scale, int positiveSlot = 0)
    {
        ArgumentNullException.ThrowIfNull(positive);
        var guided = ReferenceEquals(positive, negative) ? positive : negative + ((positive - negative) * scale);
        foreach (var hook in model.GuidanceHooks)
        {
            guided = hook.Apply(
                new GuidanceStep(x, sigma, positive, negative, guided, scale)
                {
                    PredictPositiveWith = attention => predict([positiveSlot], attention)[0],
                }
            );
        }
        return guided;
    }

    /// <summary>Whether a scale leaves the negative prediction without effect.</summary>
    public static bool IsOne(double scale) => Math.Abs(scale - 1) <= 1e-9 * Math.Max(Math.Abs(scale), 1);
}
