using NodeHost.Diffusion.Attention;
using NodeHost.Diffusion.Blocks;
using NodeHost.Diffusion.Conditions;
using NodeHost.Diffusion.Lora;
using NodeHost.Diffusion.Reuse;
using NodeHost.Diffusion.Sampling;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.Models;

/// <summary>The value of a MODEL socket: a handle, cheap to clone with <c>with</c>. It owns no weights.</summary>
public sealed record DiffusionModel : ITensorHolder
{
    /// <summary>Where the network comes from.</summary>
    public required INetworkSource Source { get; init; }

    /// <summary>Noise levels and what the network predicts (eps, v, flow).</summary>
    public required ModelSampling Sampling { get; init; }

    public required LatentFormat LatentFormat { get; init; }

    /// <summary>How sizes join the pooled text (SDXL); null = they do not.</summary>
    public SizeConditioning? Sizes { get; init; }

    /// <summary>Adapters merged into the weights, in order.</summary>
    public IReadOnlyList<WeightPatch> Patches { get; init; } = [];

    /// <summary>Adapters added to the outputs of layers while their gate is open; the weights stay as they are.</summary>
    public IReadOnlyList<GatedLora> GatedLoras { get; init; } = [];

    /// <summary>Hooks on attention outputs, run in order.</summary>
    public IReadOnlyList<IAttentionHook> AttentionHooks { get; init; } = [];

    /// <summary>Hooks on the network's blocks, run in order.</summary>
    public IReadOnlyList<IBlockHook> BlockHooks { get; init; } = [];

    /// <summary>Stands around every call of the network. There is one place for it: the last node that sets it wins.</summary>
    public IForwardWrapper? Wrapper { get; init; }

    /// <summary>Reuses predictions while they hardly change (EasyCache).</summary>
    public ReuseSettings? Reuse { get; init; }

    /// <summary>Element type that the network computes in; null for the one its weights are made for.</summary>
    public DType? ComputeType { get; init; }

    /// <summary>Changes to predictions before guidance, run in order.</summary>
    public IReadOnlyList<IPredictionHook> PredictionHooks { get; init; } = [];

    /// <summary>Takes the place of classifier-free guidance (RescaleCFG and its kind).</summary>
    public IGuidanceRule? GuidanceRule { get; init; }

    /// <summary>Changes to the result of guidance, run in order.</summary>
    public IReadOnlyList<IGuidanceHook> GuidanceHooks { get; init; } = [];

    /// <summary>Changes the denoise mask from step to step (differential diffusion).</summary>
    public IDenoiseMaskHook? MaskHook { get; init; }

    /// <summary>Is told of every forward pass, for tests and reports.</summary>
    public IForwardObserver? Observer { get; init; }

    public IEnumerable<Tensor> HeldTensors =>
        AttentionHooks
            .OfType<ITensorHolder>()
            .Concat(Wrapper is ITensorHolder holder ? [holder] : [])
            .Concat(GuidanceRule?.Conditionings ?? [])
            .SelectMany(held => held.HeldTensors);
}
