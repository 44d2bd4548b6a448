using NodeHost.Diffusion.Models;
using NodeHost.Diffusion.Sampling;
using NodeHost.Diffusion.Sampling.Parameterizations;
using NodeHost.Graph.Contracts;
using NodeHost.Nodes.CustomSampling;
using NodeHost.Nodes.Values;
using NodeHost.Tensors;
using NodeHost.Tests.Diffusion.Sampling;

namespace NodeHost.Tests.Nodes.Sampling;

/// <summary>Nodes that read noise levels off a model, against its table.</summary>
[AssertNoLeakedTensors]
public sealed class ModelSigmaNodesTests
{
    private static readonly DiscreteModelSampling Sampling = new(new EpsPrediction());
    private static readonly DiffusionModel Model = new()
    {
        Source = new FakeNetwork(),
        Sampling = Sampling,
        LatentFormat = LatentFormat.Sd15,
    };
    private static readonly NodeContext Context = new();

    [Theory]
    [InlineData(1, 1.0, new[] { 999 })]
    [InlineData(4, 1.0, new[] { 999, 899, 799, 699 })]
    [InlineData(3, 0.5, new[] { 499, 399, 299 })]
    [InlineData(10, 0.25, new[] { 199, 99 })]
    public void SdTurboScheduler_Steps_AreTheTrainedTenths(int steps, double denoise, int[] times)
    {
        var sigmas = new SdTurboScheduler
        {
            Model = Model,
            Steps = steps,
            Denoise = denoise,
        }.Execute(Context);

        Assert.Equal(0, sigmas[^1]);
        Assert.Equal(times.Length, sigmas.Count - 1);
        Assert.All(
            times.Zip(sigmas.Values),
            pair => Assert.Equal(Sampling.Sigmas[pair.First], pair.Second, 1e-5f * pair.Second)
        );
    }

    [Theory]
    [InlineData(0.6, 0.6, 12)]
    [InlineData(2.5, 0.8, 7)]
    [InlineData(1.0, 1.0, 5)]
    public void BetaSamplingScheduler_Levels_HaveEqualSharesOfTheDistribution(double alpha, double beta, int steps)
    {
        var sigmas = new BetaSamplingScheduler
        {
            Model = Model,
            Steps = steps,
            Alpha = alpha,
            Beta = beta,
        }.Execute(Context);

        // The time of step i is where the distribution function is 1 - i / steps, to the next of 999 times.
        Assert.Equal(0, sigmas[^1]);
        for (var step = 0; step < sigmas.Count - 1; step++)
        {
            var time = Sampling.Timestep(sigmas[step]);
            var (below, above) = (Share((time - 0.6) / 999), Share((time + 0.6) / 999));
            Assert.InRange(1 - ((double)step / steps), below - 2e-3, above + 2e-3);
        }

        // By the middle of the intervals, in the variable u with t = u^k, which tames the pole at 0 (and likewise at 1).
        double Share(double until)
        {
            var (part, whole) = (0.0, 0.0);
            const int Count = 40_000;
            for (var index = 0; index < Count; index++)
            {
                var u = (index + 0.5) / Count;
                var (t, slope) = (u * u * (3 - (2 * u)), 6 * u * (1 - u));
                var density = Math.Pow(t, alpha - 1) * Math.Pow(1 - t, beta - 1) * slope;
                whole += density;
                part += t <= until ? density : 0;
            }
            return part / whole;
        }
    }

    [Theory]
    [InlineData(0.0, false, 999999999.9)]
    [InlineData(1.0, false, 0.0)]
    [InlineData(0.0, true, 14.614642)]
    [InlineData(1.0, true, 0.0291672)]
    public void SamplingPercentToSigma_Ends_AreThoseOfChecksOrOfTheTable(
        double percent,
        bool isActual,
        double expected
    ) =>
        Assert.Equal(
            expected,
            new SamplingPercentToSigma
            {
                Model = Model,
                SamplingPercent = percent,
                ReturnActualSigma = isActual,
            }.Execute(Context),
            1e-5
        );

    [Fact]
    public void SamplingPercentToSigma_Middle_IsTheTablesMiddle() =>
        Assert.Equal(
            Math.Exp((Math.Log(Sampling.Sigmas[499]) + Math.Log(Sampling.Sigmas[500])) / 2),
            new SamplingPercentToSigma { Model = Model, SamplingPercent = 0.5 }.Execute(Context),
            1e-5
        );

    [Fact]
    public void SetFirstSigma_Levels_ChangeInTheFirstAlone()
    {
        var given = new Sigmas([8, 4, 0]);

        var changed = new SetFirstSigma { Sigmas = given, Sigma = 20.5 }.Execute(Context);

        Assert.Equal([20.5f, 4, 0], changed.Values);
        Assert.Equal(8, given[0]);
    }

    [Theory]
    [InlineData(new[] { 8f, 4, 2 }, 6)] // from the first down to the last
    [InlineData(new[] { 8f }, 8)]
    public void AddNoise_Levels_SayHowMuch(float[] sigmas, double scale)
    {
        using var scope = new TensorScope();
        var latent = new Latent(Tensor.Full([1, 4, 2, 2], 0.5)) { BatchIndex = [3] };

        var noisy = new AddNoise
        {
            Model = Model,
            Noise = new SeededNoise(7),
            Sigmas = new Sigmas(sigmas),
            LatentImage = latent,
        }.Execute(Context);

        // The latent at the network's scale (SD1.5's 0.18215) plus that much noise, and back.
        var noise = new SeededNoise(7).Generate(latent).ToArray<float>();
        Assert.All(
            noise.Zip(noisy.Samples.ToArray<float>()),
            pair => Assert.Equal(((0.5 * 0.18215) + (scale * pair.First)) / 0.18215, pair.Second, 1e-3)
        );
        Assert.Same(latent.BatchIndex, noisy.BatchIndex);
    }
}
