using NodeHost.Tensors;

namespace NodeHost.Diffusion.Sampling.Parameterizations;

/// <summary>
/// A latent consistency model, https://arxiv.org/abs/2310.04378: the noise prediction's x0 and the latent are mixed by
/// the boundary scalings (sigma_data 0.5, time scaled by 10).
/// </summary>
/// <param name="timestep">Time of a noise level.</param>
public sealed class LcmPrediction(Func<double, double> timestep) : VarianceExploding(1)
{
    private const double BoundarySigmaData = 0.5;
    private const double TimestepScaling = 10;

    public override Tensor CalculateDenoised(Tensor x, Tensor output, Tensor sigma)
    {
        var skip = new float[sigma.ElementCount];
        var result = new float[skip.Length];
        var sigmas = sigma.ToArray<float>();
        for (var index = 0; index < skip.Length; index++)
        {
            var scaled = timestep(sigmas[index]) * TimestepScaling;
            var sum = (scaled * scaled) + (BoundarySigmaData * BoundarySigmaData);
            skip[index] = (float)(BoundarySigmaData * BoundarySigmaData / sum);
            result[index] = (float)(scaled / Math.Sqrt(sum));
        }
        var denoised = x - (output * sigma);
        return (Like(result, sigma) * denoised) + (Like(skip, sigma) * x);
    }

    private static Tensor Like(float[] values, Tensor sigma) => Tensor.From(values, sigma.Shape).To(sigma.Device);
}
