using NodeHost.Diffusion.Models;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.Sampling;

/// <summary>What a guidance hook may know of the run besides its step.</summary>
/// <param name="sampling">The noise levels in force.</param>
/// <param name="memory">What the run remembers.</param>
/// <param name="predict">Makes a further prediction.</param>
public sealed class GuidanceRun(ModelSampling sampling, RunMemory memory, Func<PredictionRequest, Tensor> predict)
{
    public ModelSampling Sampling => sampling;

    /// <summary>What hooks keep from step to step.</summary>
    public RunMemory Memory => memory;

    /// <summary>Denoises again; costs a forward pass.</summary>
    public Tensor Predict(PredictionRequest request) => predict(request);
}
