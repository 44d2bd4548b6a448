using NodeHost.Diffusion.Sampling;
using NodeHost.Diffusion.Sampling.Parameterizations;
using NodeHost.Tensors;
using NodeHost.Tests.Shared;

namespace NodeHost.Tests.Diffusion.Sampling;

[AssertNoLeakedTensors]
public sealed class BrownianTreeTests
{
    private static readonly long[] Shape = [1, 4, 32, 32];

    [Fact]
    public void Next_TwoHalves_AddUpToTheWhole()
    {
        using var scope = new TensorScope();
        using var forth = Run(11).BrownianNoise();
        using var back = Run(11).BrownianNoise();

        var whole = forth.Next(14, 2) * Math.Sqrt(12);
        var second = back.Next(7, 2) * Math.Sqrt(5);
        var first = back.Next(14, 7) * Math.Sqrt(7);

        Assert.True(GoldenSampling.Difference(whole, first + second) < 1e-5);
    }

    [Fact]
    public void Next_AnyInterval_HasUnitVariance()
    {
        using var scope = new TensorScope();
        using var noise = Run(3).BrownianNoise();

        Assert.Equal(1, noise.Next(14, 3).Std().Item(), 0.05);
        Assert.Equal(1, noise.Next(0.4f, 0.1f).Std().Item(), 0.05);
    }

    private static SamplerRun Run(ulong seed)
    {
        var denoiser = new AnalyticDenoiser(new DiscreteModelSampling(new EpsPrediction()), 1);
        return new SamplerRun(denoiser, Tensor.Zeros(Shape), [14.6f, 0.03f, 0], seed);
    }
}
