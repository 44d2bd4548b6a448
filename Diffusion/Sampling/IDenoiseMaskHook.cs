using NodeHost.Tensors;

namespace NodeHost.Diffusion.Sampling;

/// <summary>Changes the denoise mask from step to step (differential diffusion).</summary>
public interface IDenoiseMaskHook
{
    /// <summary>The mask for one prediction.</summary>
    /// <param name="mask">The run's mask [B, C, H, W]: 1 = change, 0 = keep.</param>
    /// <param name="sigma">Noise level of the prediction.</param>
    /// <param name="sigmas">All noise levels of the run.</param>
    /// <param name="sampling">The model's noise levels.</param>
    Tensor Apply(Tensor mask, float sigma, IReadOnlyList<float> sigmas, ModelSampling sampling);
}
