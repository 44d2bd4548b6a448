using NodeHost.Diffusion.Attention;
using NodeHost.Diffusion.Blocks;
using NodeHost.Diffusion.Conditions;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.Sampling;

/// <summary>A further prediction at the same noise level: under the positive conditioning, unless it says otherwise.</summary>
public sealed record PredictionRequest
{
    /// <summary>Under the negative conditioning.</summary>
    public bool OfNegative { get; init; }

    /// <summary>Under a conditioning of the hook's own (<see cref="IGuidanceRule.Conditionings"/>).</summary>
    public Conditioning? Conditioning { get; init; }

    /// <summary>Another noisy latent; null for the step's own.</summary>
    public Tensor? X { get; init; }

    /// <summary>Runs behind the model's attention hooks.</summary>
    public IAttentionHook? Attention { get; init; }

    /// <summary>Runs behind the model's block hooks.</summary>
    public IBlockHook? Block { get; init; }
}
