using NodeHost.Tensors;

namespace NodeHost.Diffusion.Sampling.Samplers;

/// <summary>Improved PNDM, https://arxiv.org/abs/2204.13902: Adams-Bashforth with the coefficients of equal steps.</summary>
/// <remarks>The coefficients are Adams and Bashforth's; where the order grows as in https://github.com/zju-pi/diff-sampler.</remarks>
public sealed class IpndmSampler : ISampler
{
    private const int MaxOrder = 4;

    private static readonly float[][] Coefficients =
    [
        [1],
        [3f / 2, -1f / 2],
        [23f / 12, -16f / 12, 5f / 12],
        [55f / 24, -59f / 24, 37f / 24, -9f / 24],
    ];

    public string Name => "ipndm";

    public Tensor Sample(SamplerRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        var sigmas = run.Sigmas;
        var history = new StepHistory(MaxOrder);
        Tensor? x = run.Start();
        for (var step = 0; step < run.StepCount; step++)
        {
            using var scope = new TensorScope();
            var (sigma, next) = (sigmas[step], sigmas[step + 1]);
            var denoised = run.Denoise(x!, sigma);
            // The reference shows its callback the latent the run started from, at every step.
            run.Report(step, sigma, denoised, run.X);
            history.Push(scope, SamplerMath.ToDerivative(x!, sigma, denoised));
            if (next == 0)
            {
                scope.Carry(ref x, denoised);
                continue;
            }
            var coefficients = Coefficients[history.Count - 1];
            var stepped = x!;
            for (var back = 0; back < history.Count; back++)
            {
                stepped = stepped.AddScaled(history[back], (next - sigma) * coefficients[back]);
            }
            scope.Carry(ref x, stepped);
        }
        return x!;
    }
}
