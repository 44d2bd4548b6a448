using NodeHost.Diffusion.Sampling;
using NodeHost.Diffusion.Sampling.Noise;
using NodeHost.Diffusion.Sampling.Parameterizations;
using NodeHost.Diffusion.Sampling.Schedules;
using NodeHost.Tensors;
using NodeHost.Tests.Shared;

namespace NodeHost.Tests.Diffusion.Sampling;

[AssertNoLeakedTensors]
public sealed class SamplerTests
{
    private static readonly long[] Shape = [1, 4, 8, 8];

    [Theory]
    [InlineData("euler")]
    [InlineData("heun")]
    [InlineData("dpm_2")]
    [InlineData("euler_cfg_pp")]
    [InlineData("ddim")]
    public void Sample_MemorylessSamplerSplitAtAStep_GivesTheSameTrajectory(string name)
    {
        using var scope = new TensorScope();
        foreach (var sampling in new ModelSampling[] { Discrete(), new DiscreteFlowModelSampling(3) })
        {
            var sigmas = ScheduleCatalogue.Get("simple").Compute(sampling, 8);
            var start = sampling.NoiseScaling(sigmas[0], InitialNoise.Prepare(Shape, 3), Tensor.Zeros(Shape));

            var whole = Sample(name, sampling, start, sigmas);
            var halfway = Sample(name, sampling, start, sigmas[..5]);
            var split = Sample(name, sampling, halfway, sigmas[4..]);

            Assert.True(whole.IsEqualTo(split), $"{name} in {sampling.GetType().Name}");
        }
    }

    [Fact]
    public void Sample_EverySampler_TakesOneStepAndNoStep()
    {
        var sampling = Discrete();
        foreach (var sampler in SamplerCatalogue.All)
        {
            using var scope = new TensorScope();
            var start = InitialNoise.Prepare(Shape, 3) * 14.6;

            var still = sampler.Sample(new SamplerRun(new AnalyticDenoiser(sampling, 3), start, [14.6f], 3));
            var one = sampler.Sample(new SamplerRun(new AnalyticDenoiser(sampling, 3), start, [14.6f, 0.03f], 3));

            Assert.True(start.IsEqualTo(still), sampler.Name);
            Assert.True(one.IsFinite().All(), sampler.Name);
        }
    }

    [Theory]
    [InlineData("euler_ancestral")]
    [InlineData("dpmpp_sde")]
    [InlineData("er_sde")]
    public void Sample_StochasticSampler_DependsOnTheSeedAlone(string name)
    {
        using var scope = new TensorScope();
        var sampling = Discrete();
        var sigmas = ScheduleCatalogue.Get("karras").Compute(sampling, 6);
        var start = InitialNoise.Prepare(Shape, 3) * sigmas[0];

        var first = Sample(name, sampling, start, sigmas, seed: 5);
        var again = Sample(name, sampling, start, sigmas, seed: 5);
        var other = Sample(name, sampling, start, sigmas, seed: 6);

        Assert.True(first.IsEqualTo(again));
        Assert.False(first.IsEqualTo(other));
    }

    [Fact]
    public void Get_UnknownName_ListsTheKnownOnes()
    {
        var problem = Assert.Throws<ArgumentException>(() => SamplerCatalogue.Get("eular"));

        Assert.Contains("'eular'", problem.Message);
        Assert.Contains("dpmpp_2m", problem.Message);
    }

    [Fact]
    public void Names_SamplersAndSchedules_AreUnique()
    {
        Assert.Equal(42, SamplerCatalogue.Names.Distinct().Count());
        Assert.Equal(9, ScheduleCatalogue.Names.Distinct().Count());
    }

    private static DiscreteModelSampling Discrete() => new(new EpsPrediction());

    private static Tensor Sample(
        string name,
        ModelSampling sampling,
        Tensor start,
        IReadOnlyList<float> sigmas,
        ulong seed = 5
    ) => SamplerCatalogue.Get(name).Sample(new SamplerRun(new AnalyticDenoiser(sampling, 3), start, sigmas, seed));
}
