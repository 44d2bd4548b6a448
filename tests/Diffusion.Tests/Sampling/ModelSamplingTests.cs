using NodeHost.Diffusion.Models;
using NodeHost.Diffusion.Sampling;
using NodeHost.Diffusion.Sampling.Parameterizations;
using NodeHost.Tensors;

namespace NodeHost.Tests.Diffusion.Sampling;

/// <summary>Noise levels that no golden case names, against their formulas.</summary>
[AssertNoLeakedTensors]
public sealed class ModelSamplingTests
{
    [Theory]
    [InlineData(0.002)]
    [InlineData(1)]
    [InlineData(80)]
    public void ScaledFlow_NetworkThatKnowsTheFlow_GivesTheLatentBack(double sigma)
    {
        using var scope = new TensorScope();
        using var generator = new Generator(1);
        var sampling = new ContinuousFlowModelSampling(0.002, 80);
        var (latent, noise) = (Tensor.Randn([1, 4, 4, 4], generator), Tensor.Randn([1, 4, 4, 4], generator));
        var level = Tensor.FromScalar(sigma);
        var x = sampling.NoiseScaling(sigma, noise, latent);

        var time = sampling.Timestep(sigma);
        var mix = noise * time + latent * (1 - time);
        var denoised = sampling.CalculateDenoised(x, noise - latent, level);

        Assert.Equal(sigma, sampling.Sigma(time), sigma * 1e-4);
        Assert.InRange((sampling.CalculateInput(x, level) - mix).Abs().Max().Item(), 0, 1e-5);
        Assert.InRange((denoised - latent).Abs().Max().Item(), 0, 1e-5);
        Assert.IsType<ScaledFlowPrediction>(sampling.Prediction);
    }

    [Fact]
    public void PlaygroundLatents_InAndOut_HaveTheirChannelsMeanAndDeviation()
    {
        using var scope = new TensorScope();
        var format = LatentFormat.Playground;
        var mean = Tensor.From([-1.6574f, 1.886f, -1.383f, 2.5155f], 1, 4, 1, 1);

        Assert.InRange(format.ProcessIn(mean).Abs().Max().Item(), 0, 1e-6);
        var one = format.ProcessIn(mean + Tensor.From([8.4927f, 5.9022f, 6.5498f, 5.2299f], 1, 4, 1, 1));
        Assert.InRange((one - 0.5).Abs().Max().Item(), 0, 1e-6);
        Assert.InRange((format.ProcessOut(one) - format.ProcessOut(one * 0) - one * 0).Abs().Max().Item(), 5, 9);
    }
}
