using NodeHost.Diffusion.Models;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.Sampling.Guidance;

/// <summary>What a guider may do for one prediction.</summary>
/// <param name="run">The run.</param>
/// <param name="predict">Predictions for slots of the guider's conditionings.</param>
public sealed class GuidanceCall(
    DiffusionModel model,
    Tensor x,
    float sigma,
    bool needsNegative,
    GuidanceRun run,
    Func<IReadOnlyList<int>, Tensor[]> predict
)
{
    /// <summary>Whether the negative prediction is wanted for itself, even at a scale of 1.</summary>
    public bool NeedsNegative { get; } =
        needsNegative
        || model.GuidanceRule?.NeedsNegative == true
        || model.PredictionHooks.Any(hook => hook.NeedsNegative)
        || model.GuidanceHooks.Any(hook => hook.NeedsNegative);

    /// <summary>Denoised latents under the conditionings in these slots, made in one batch where shapes allow.</summary>
    public Tensor[] Predict(params IReadOnlyList<int> slots) => predict(slots);

    /// <summary>Guidance with everything the model's hooks do to it.</summary>
    /// <param name="positive">Prediction to go towards.</param>
    /// <param name="negative">Prediction to go away from; the same tensor where it was skipped.</param>
    /// <param name="scale">How far to go.</param>
    public GuidedDenoised Guide(Tensor positive, Tensor negative, double scale)
    {
        foreach (var hook in model.PredictionHooks)
        {
            (positive, negative) = hook.Apply(Step(positive, negative, positive, scale));
        }
        return new GuidedDenoised(Combine(positive, negative, scale), negative);
    }

    /// <summary>Classifier-free guidance, https://arxiv.org/abs/2207.12598, or the model's rule, and the hooks on its result.</summary>
    public Tensor Combine(Tensor positive, Tensor negative, double scale)
    {
        ArgumentNullException.ThrowIfNull(positive);
        var step = Step(positive, negative, positive, scale);
        var plain = step.HasNegative ? negative + ((positive - negative) * scale) : positive;
        return Finish(positive, negative, scale, model.GuidanceRule?.Combine(step with { Guided = plain }) ?? plain);
    }

    /// <summary>The hooks on the result of a guidance of the guider's own.</summary>
    public Tensor Finish(Tensor positive, Tensor negative, double scale, Tensor guided)
    {
        foreach (var hook in model.GuidanceHooks)
        {
            guided = hook.Apply(Step(positive, negative, guided, scale));
        }
        return guided;
    }

    /// <summary>Whether a scale leaves the negative prediction without effect.</summary>
    public static bool IsOne(double scale) => Math.Abs(scale - 1) <= 1e-9 * Math.Max(Math.Abs(scale), 1);

    private GuidanceStep Step(Tensor positive, Tensor negative, Tensor guided, double scale) =>
        new(x, sigma, positive, negative, guided, scale) { Run = run };
}
