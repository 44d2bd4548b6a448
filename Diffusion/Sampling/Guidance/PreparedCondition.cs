using NodeHost.Diffusion.Conditions;
using NodeHost.Diffusion.Hooks;
using NodeHost.Diffusion.Models;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.Sampling.Guidance;

/// <summary>A conditioning entry fitted to one run's latent.</summary>
internal sealed record PreparedCondition
{
    /// <summary>Distinguishes the conditions of a run.</summary>
    public required int Number { get; init; }

    /// <summary>What the network is given, for the whole canvas and any batch size.</summary>
    public required NetworkInput Input { get; init; }

    public LatentArea? Area { get; init; }

    public double Strength { get; init; } = 1;

    /// <summary>Weights per place, fitted to the latent [B, H, W].</summary>
    public Tensor? Mask { get; init; }

    public double MaskStrength { get; init; } = 1;

    /// <summary>Highest noise level it applies at.</summary>
    public double StartSigma { get; init; } = double.PositiveInfinity;

    /// <summary>Lowest noise level it applies at.</summary>
    public double EndSigma { get; init; } = double.NegativeInfinity;

    /// <summary>Adapters that apply with it.</summary>
    public HookGroup? Hooks { get; init; }

    /// <summary>Whether it applies only to what others leave uncovered.</summary>
    public bool IsDefault { get; init; }

    /// <summary>Whether its prediction counts equally everywhere.</summary>
    public bool IsPlain => Area is null && Mask is null;

    /// <summary>Whether a level lies in its part of the run; bounds are compared in float32, as torch compares a tensor with a number.</summary>
    public bool AppliesAt(float sigma) => sigma <= (float)StartSigma && sigma >= (float)EndSigma;
}
