using NodeHost.Tensors;

namespace NodeHost.Diffusion.Sampling;

/// <summary>An algorithm that leads a noisy latent down a list of noise levels.</summary>
/// <remarks>It leaves its result to the current <see cref="TensorScope"/>; callers open one around a run.</remarks>
public interface ISampler
{
    /// <summary>Name on the wire.</summary>
    string Name { get; }

    /// <summary>Whether schedules leave out their last but one level for it: it makes half steps of its own.</summary>
    bool DropsPenultimateSigma => false;

    /// <summary>Whether the kept part of a masked latent gets noise of its own, not the run's (DDIM).</summary>
    bool DrawsInpaintNoise => false;

    /// <summary>The latent at the last noise level of the run.</summary>
    Tensor Sample(SamplerRun run);
}
