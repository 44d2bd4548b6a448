using NodeHost.Tensors;

namespace NodeHost.Diffusion.Sampling.Samplers;

/// <summary>A noise level in variance-preserving terms.</summary>
/// <remarks>
/// Reckoned with libtorch's own float32 functions: near zero noise <c>1 - alpha^2</c> loses all but a few bits, and the
/// reference's result depends on which.
/// </remarks>
internal sealed class UniPcLevel
{
    public UniPcLevel(float sigma)
    {
        using var scope = new TensorScope();
        TableSigma = sigma;
        var level = Tensor.From([sigma], 1);
        var logAlpha = (((level.Pow(2) + 1).Reciprocal() * 1).Log()) * 0.5;
        var noiseShare = 1 - (logAlpha * 2.0).Exp();
        Alpha = logAlpha.Exp().ToArray<float>()[0];
        Sigma = noiseShare.Sqrt().ToArray<float>()[0];
        Lambda = (logAlpha - (noiseShare.Log() * 0.5)).ToArray<float>()[0];
    }

    /// <summary>The level as the schedule gives it: noise over signal.</summary>
    public float TableSigma { get; }

    /// <summary>Share of the latent.</summary>
    public float Alpha { get; }

    /// <summary>Share of the noise.</summary>
    public float Sigma { get; }

    /// <summary>Half the logarithm of the signal-to-noise ratio.</summary>
    public float Lambda { get; }
}
