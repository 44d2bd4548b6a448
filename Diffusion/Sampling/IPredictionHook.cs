using NodeHost.Tensors;

namespace NodeHost.Diffusion.Sampling;

/// <summary>Changes the two predictions before guidance combines them.</summary>
public interface IPredictionHook
{
    /// <summary>Whether the negative prediction is wanted even where a scale of 1 would skip it.</summary>
    bool NeedsNegative => false;

    /// <summary>What takes the predictions' places; the same tensor twice where there is no negative one.</summary>
    (Tensor Positive, Tensor Negative) Apply(in GuidanceStep step);
}
