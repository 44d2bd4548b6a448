using NodeHost.Diffusion.Sampling.Parameterizations;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.Sampling;

/// <summary>A table of trained noise levels, indexed by time (DDPM; SD1.5 and SDXL by default).</summary>
public sealed class DiscreteModelSampling : ModelSampling
{
    private readonly float[] _sigmas;
    private readonly float[] _logSigmas;

    /// <param name="prediction">What the network predicts.</param>
    /// <param name="sigmas">The table, ascending; SD1.5's linear betas when not given.</param>
    public DiscreteModelSampling(IPrediction prediction, IReadOnlyList<double>? sigmas = null)
        : base(prediction)
    {
        var table = sigmas ?? ScaledLinearSigmas();
        _sigmas = [.. table.Select(sigma => (float)sigma)];
        _logSigmas = [.. table.Select(sigma => (float)Math.Log(sigma))];
    }

    public override IReadOnlyList<float> Sigmas => _sigmas;

    /// <summary>Whether the table ends without signal.</summary>
    public bool HasZeroTerminalSnr { get; private init; }

    /// <summary>Steps of the full table between neighbours; 1 but for distilled models.</summary>
    private int Skip { get; init; } = 1;

    /// <summary>
    /// The table that ends without signal, https://arxiv.org/abs/2305.08891: what trains with zero terminal
    /// signal-to-noise ratio.
    /// </summary>
    public static DiscreteModelSampling WithZeroTerminalSnr(IPrediction prediction) =>
        new(prediction, RescaleToZeroTerminalSnr(ScaledLinearSigmas())) { HasZeroTerminalSnr = true };

    /// <summary>A table thinned to the times a distilled model was trained on (LCM: 50 of 1000).</summary>
    public static DiscreteModelSampling Distilled(int trainedSteps = 50, bool zeroTerminalSnr = false)
    {
        var full = zeroTerminalSnr ? RescaleToZeroTerminalSnr(ScaledLinearSigmas()) : ScaledLinearSigmas();
        var skip = full.Length / trainedSteps;
        var sigmas = new double[trainedSteps];
        for (var index = 0; index < trainedSteps; index++)
        {
            sigmas[trainedSteps - 1 - index] = full[full.Length - 1 - (index * skip)];
        }
        float[] logSigmas = [.. sigmas.Select(sigma => (float)Math.Log(sigma))];
        var prediction = new LcmPrediction(sigma => NearestTime(logSigmas, skip, sigma));
        return new DiscreteModelSampling(prediction, sigmas) { Skip = skip };
    }

    public override double Timestep(double sigma) => NearestTime(_logSigmas, Skip, sigma);

    public override double Sigma(double timestep)
    {
        var index = Skip == 1 ? (float)timestep : ((float)timestep - (Skip - 1)) / Skip;
        index = Math.Clamp(index, 0f, _sigmas.Length - 1);
        var low = (int)MathF.Floor(index);
        var high = (int)MathF.Ceiling(index);
        var weight = index - low;
        // libtorch's exponential, not the runtime's: the last bit of a level in the thousands is a large part of a latent.
        using var scope = new TensorScope();
        var log = ((1f - weight) * _logSigmas[low]) + (weight * _logSigmas[high]);
        return Tensor.From([log], 1).Exp().ToArray<float>()[0];
    }

    public override double PercentToSigma(double percent)
    {
        if (percent <= 0)
        {
            return 999999999.9;
        }
        return percent >= 1 ? 0 : Sigma((1 - percent) * 999);
    }

    /// <summary>Betas linear in their square roots, cumulated in float64.</summary>
    private static double[] ScaledLinearSigmas(int count = 1000, double first = 0.00085, double last = 0.012)
    {
        var (start, end) = (Math.Sqrt(first), Math.Sqrt(last));
        var step = (end - start) / (count - 1);
        var sigmas = new double[count];
        var cumulated = 1.0;
        for (var index = 0; index < count; index++)
        {
            // The two halves are reckoned from their own ends, as torch.linspace does.
            var root = index < count / 2 ? start + (step * index) : end - (step * (count - 1 - index));
            cumulated *= 1 - (root * root);
            sigmas[index] = Math.Sqrt((1 - cumulated) / cumulated);
        }
        return sigmas;
    }

    private static double[] RescaleToZeroTerminalSnr(double[] sigmas)
    {
        const double LastCumulatedAlpha = 4.8973451890853435e-08;
        var roots = sigmas.Select(sigma => Math.Sqrt(1 / ((sigma * sigma) + 1))).ToArray();
        var (first, last) = (roots[0], roots[^1]);
        var rescaled = new double[roots.Length];
        for (var index = 0; index < roots.Length; index++)
        {
            var root = (roots[index] - last) * (first / (first - last));
            var alpha = index == roots.Length - 1 ? LastCumulatedAlpha : root * root;
            rescaled[index] = Math.Sqrt((1 - alpha) / alpha);
        }
        return rescaled;
    }

    /// <summary>Time of the table's entry that is nearest by the logarithm of sigma.</summary>
    private static double NearestTime(float[] logSigmas, int skip, double sigma)
    {
        var log = MathF.Log((float)sigma);
        var best = 0;
        var distance = float.PositiveInfinity;
        for (var index = 0; index < logSigmas.Length; index++)
        {
            var candidate = MathF.Abs(log - logSigmas[index]);
            if (candidate < distance)
            {
                (best, distance) = (index, candidate);
            }
        }
        return (best * skip) + (skip - 1);
    }
}
