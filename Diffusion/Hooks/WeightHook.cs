using NodeHost.Diffusion.Checkpoints;

namespace NodeHost.Diffusion.Hooks;

/// <summary>An adapter that applies where the conditioning that carries it does.</summary>
/// <param name="Adapter">The opened adapter.</param>
/// <param name="StrengthModel">Factor for the diffusion model.</param>
/// <param name="StrengthClip">Factor for the text encoder.</param>
public sealed record WeightHook(IWeightAdapter Adapter, double StrengthModel, double StrengthClip)
{
    /// <summary>Changes of strength during the run; null: none.</summary>
    public HookKeyframes? Keyframes { get; init; }
}
