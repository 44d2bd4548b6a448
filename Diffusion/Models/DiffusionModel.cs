using NodeHost.Diffusion.Attention;
using NodeHost.Diffusion.Sampling;

namespace NodeHost.Diffusion.Models;

/// <summary>The value of a MODEL socket: a handle, cheap to clone with <c>with</c>. It owns no weights.</summary>
public sealed record DiffusionModel
{
    /// <summary>Where the network comes from.</summary>
    public required INetworkSource Source { get; init; }

    /// <summary>Noise levels and what the network predicts (eps, v, flow).</summary>
    public required ModelSampling Sampling { get; init; }

    public required LatentFormat LatentFormat { get; init; }

    /// <summary>Adapters merged into the weights, in order.</summary>
    public IReadOnlyList<WeightPatch> Patches { get; init; } = [];

    /// <summary>Hooks on attention outputs, run in order.</summary>
    public IReadOnlyList<IAttentionHook> AttentionHooks { get; init; } = [];

    /// <summary>Changes to guidance (RescaleCFG and its kind), run in order.</summary>
    public IReadOnlyList<IGuidanceHook> GuidanceHooks { get; init; } = [];

    /// <summary>Changes the denoise mask from step to step (differential diffusion).</summary>
    public IDenoiseMaskHook? MaskHook { get; init; }
}
