using NodeHost.Tensors;

namespace NodeHost.Diffusion.Sampling;

/// <summary>A guided prediction and the negative one it was made from.</summary>
public readonly record struct GuidedDenoised(Tensor Guided, Tensor Negative);
