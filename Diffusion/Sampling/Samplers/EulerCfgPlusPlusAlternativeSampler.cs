using NodeHost.Tensors;

namespace NodeHost.Diffusion.Sampling.Samplers;

/// <summary>
/// Euler steps after CFG++, https://arxiv.org/abs/2406.08070, the other way round: the latent that a step sets out from is
/// moved by what guidance did to the prediction.
/// </summary>
public sealed class EulerCfgPlusPlusAlternativeSampler : ISampler
{
    public string Name => "euler_pp";

    public Tensor Sample(SamplerRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        var sigmas = run.Sigmas;
        Tensor? x = run.Start();
        for (var step = 0; step < run.StepCount; step++)
        {
            using var scope = new TensorScope();
            var (sigma, next) = (sigmas[step], sigmas[step + 1]);
            var (denoised, negative) = run.DenoiseWithNegative(x!, sigma);
            run.Report(step, sigma, denoised, x!);
            var derivative = SamplerMath.ToDerivative(x! - denoised + negative, sigma, denoised);
            scope.Carry(ref x, x!.AddScaled(derivative, next - sigma));
        }
        return x!;
    }
}
