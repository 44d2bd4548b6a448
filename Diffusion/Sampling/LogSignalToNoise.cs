namespace NodeHost.Diffusion.Sampling;

/// <summary>Noise levels in terms of lambda, half the logarithm of the signal-to-noise ratio, for both mixing rules.</summary>
internal readonly struct LogSignalToNoise(ModelSampling sampling)
{
    /// <summary>Lambda of a noise level.</summary>
    public float Lambda(float sigma) => sampling.IsFlow ? -MathF.Log(sigma / (1 - sigma)) : -MathF.Log(sigma);

    /// <summary>Noise level of a lambda.</summary>
    public float Sigma(float lambda) => sampling.IsFlow ? 1 / (1 + MathF.Exp(lambda)) : MathF.Exp(-lambda);

    /// <summary>Share of the latent in the mix at a noise level.</summary>
    public float Alpha(float sigma) => sigma * MathF.Exp(Lambda(sigma));

    /// <summary>The levels, the first moved below pure noise where its lambda would be infinite.</summary>
    public float[] WithFiniteStart(IReadOnlyList<float> sigmas)
    {
        float[] levels = [.. sigmas];
        if (levels.Length > 1 && sampling.IsFlow && levels[0] >= 1)
        {
            levels[0] = (float)sampling.PercentToSigma(1e-4);
        }
        return levels;
    }
}
