using NodeHost.Tensors;

namespace NodeHost.Diffusion.Sampling.Samplers;

/// <summary>Improved PNDM, https://arxiv.org/abs/2204.13902, with the coefficients of unequal steps.</summary>
/// <remarks>The weights agree with those of https://github.com/zju-pi/diff-sampler, in closed form.</remarks>
public sealed class IpndmVariableSampler : ISampler
{
    private const int MaxOrder = 4;

    public string Name => "ipndm_v";

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
            var coefficients = Coefficients(sigmas, step, history.Count);
            var stepped = x!;
            for (var back = 0; back < history.Count; back++)
            {
                stepped = stepped.AddScaled(history[back], (next - sigma) * coefficients[back]);
            }
            scope.Carry(ref x, stepped);
        }
        return x!;
    }

    /// <summary>Weights of the newest slope and those before it.</summary>
    private static double[] Coefficients(IReadOnlyList<float> sigmas, int step, int order)
    {
        if (order == 1)
        {
            return [1];
        }
        double h = sigmas[step + 1] - sigmas[step];
        double h1 = sigmas[step] - sigmas[step - 1];
        double[] second = [(2 + (h / h1)) / 2, -(h / h1) / 2];
        if (order == 2)
        {
            return second;
        }
        double h2 = sigmas[step - 1] - sigmas[step - 2];
        var first = (1 - (h / (3 * (h + h1)) * (h * (h + h1)) / (h1 * (h1 + h2)))) / 2;
        if (order == 3)
        {
            return [second[0] + first, second[1] - ((1 + (h1 / h2)) * first), first * h1 / h2];
        }
        double h3 = sigmas[step - 2] - sigmas[step - 3];
        var last =
            (((1 - (h / (3 * (h + h1)))) / 2) + ((1 - (h / (2 * (h + h1)))) * h / (6 * (h + h1 + h2))))
            * (h * (h + h1) * (h + h1 + h2))
            / (h1 * (h1 + h2) * (h1 + h2 + h3));
        var ratio = h1 * (h1 + h2) / (h2 * (h2 + h3));
        return
        [
            second[0] + first + last,
            second[1] - ((1 + (h1 / h2)) * first) - ((1 + (h1 / h2) + ratio) * last),
            (first * h1 / h2) + (((h1 / h2) + (ratio * (1 + (h2 / h3)))) * last),
            -last * ratio * h1 / h2,
        ];
    }
}
