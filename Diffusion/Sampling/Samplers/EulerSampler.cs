using NodeHost.Tensors;

namespace NodeHost.Diffusion.Sampling.Samplers;

/// <summary>Algorithm 2 of Karras et al. (2022), https://arxiv.org/abs/2206.00364, with Euler steps; DDIM is the same.</summary>
/// <remarks>After sample_euler of https://github.com/crowsonkb/k-diffusion (MIT, Copyright 2022 Katherine Crowson).</remarks>
public sealed class EulerSampler(string name = "euler", bool drawsInpaintNoise = false) : ISampler
{
    public string Name => name;

    public bool DrawsInpaintNoise => drawsInpaintNoise;

    public Tensor Sample(SamplerRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        var sigmas = run.Sigmas;
        Tensor? x = run.Start();
        for (var step = 0; step < run.StepCount; step++)
        {
            using var scope = new TensorScope();
            var denoised = run.Denoise(x!, sigmas[step]);
            run.Report(step, sigmas[step], denoised, x!);
            var derivative = SamplerMath.ToDerivative(x!, sigmas[step], denoised);
            scope.Carry(ref x, x!.AddScaled(derivative, sigmas[step + 1] - sigmas[step]));
        }
        return x!;
    }
}
