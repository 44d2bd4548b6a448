using NodeHost.Diffusion.Conditions;
using NodeHost.Diffusion.Models;
using NodeHost.Diffusion.Sampling;
using NodeHost.Diffusion.Sampling.Guidance;
using NodeHost.Diffusion.Sampling.Noise;
using NodeHost.Diffusion.Sampling.Parameterizations;
using NodeHost.Diffusion.Sampling.Schedules;
using NodeHost.Tensors;

namespace NodeHost.Tests.Diffusion.Sampling;

[AssertNoLeakedTensors]
public sealed class GuidanceTests
{
    private const int Steps = 6;

    [Fact]
    public void Run_CfgGuidance_EvaluatesNegativeAndPositiveInOneBatch()
    {
        using var scope = new TensorScope();
        var network = new FakeNetwork();

        Run(network, new CfgGuider(Model(network), Text(0.5f), Text(0.25f), 3));

        Assert.Equal(Steps, network.Texts.Count);
        Assert.All(network.Texts, texts => Assert.Equal([0.25f, 0.5f], texts));
    }

    [Fact]
    public void Run_ScaleOfOne_EqualsNoNegativeAndSkipsIt()
    {
        using var scope = new TensorScope();
        var network = new FakeNetwork();
        var basic = Run(network, new BasicGuider(Model(network), Text(0.5f)));
        network.Texts.Clear();

        var guided = Run(network, new CfgGuider(Model(network), Text(0.5f), Text(0.25f), 1));

        Assert.True(basic.IsEqualTo(guided));
        Assert.All(network.Texts, texts => Assert.Equal([0.5f], texts));
    }

    [Fact]
    public void Run_ScaleOfOneWithCfgPlusPlus_StillEvaluatesTheNegative()
    {
        using var scope = new TensorScope();
        var network = new FakeNetwork();

        Run(network, new CfgGuider(Model(network), Text(0.5f), Text(0.25f), 1), SamplerCatalogue.Get("euler_cfg_pp"));

        Assert.All(network.Texts, texts => Assert.Equal([0.25f, 0.5f], texts));
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 2)]
    public void Run_ContextsOfDifferentLength_ShareABatchWhereTokensMayRepeat(bool allowsRepeats, int callsPerStep)
    {
        using var scope = new TensorScope();
        var network = new FakeNetwork(allowsRepeats);

        Run(network, new CfgGuider(Model(network), Text(0.5f, tokens: 6), Text(0.25f, tokens: 4), 3));

        Assert.Equal(Steps * callsPerStep, network.Contexts.Count);
        Assert.All(network.Contexts, shape => Assert.Equal(allowsRepeats ? 12 : shape[1], shape[1]));
    }

    [Fact]
    public void Run_ContextsWhoseRepeatsWouldBeTooMany_AreEvaluatedApart()
    {
        using var scope = new TensorScope();
        var network = new FakeNetwork();

        Run(network, new CfgGuider(Model(network), Text(0.5f, tokens: 7), Text(0.25f, tokens: 6), 3));

        Assert.Equal(2 * Steps, network.Contexts.Count);
    }

    [Fact]
    public void Run_CombinedConditioning_AveragesPredictionsByStrength()
    {
        using var scope = new TensorScope();
        var network = new FakeNetwork();
        var model = Model(network);
        var combined = new Conditioning([Entry(0.5f) with { Strength = 3 }, Entry(0.125f) with { Strength = 1 }]);

        var result = Run(network, new BasicGuider(model, combined));
        var expected = Run(network, new BasicGuider(model, Text(((0.5f * 3) + 0.125f) / 4)));

        Assert.True(GoldenSampling.Difference(expected, result) < 1e-5);
    }

    [Fact]
    public void Run_AreaConditioning_ShowsTheNetworkThePartOnlyAndGivesTheNegativeACounterpart()
    {
        using var scope = new TensorScope();
        var network = new FakeNetwork();
        var positive = new Conditioning([Entry(0.5f), Entry(0.125f) with { Area = new ConditioningArea(8, 12, 4, 2) }]);

        Run(network, new CfgGuider(Model(network), positive, Text(0.25f), 3));

        var parts = network.Latents.Where(shape => shape[2] == 8).ToArray();
        Assert.Equal(Steps, parts.Length);
        Assert.All(parts, shape => Assert.Equal([2, 4, 8, 12], shape));
        Assert.Contains(network.Texts, texts => texts is [0.25f, 0.125f]);
    }

    [Fact]
    public void Run_MaskOfZeros_LeavesThePredictionToTheOtherPrompt()
    {
        using var scope = new TensorScope();
        var network = new FakeNetwork();
        var model = Model(network);
        var masked = new Conditioning([Entry(0.5f), Entry(0.125f) with { Mask = Tensor.Zeros([1, 64, 64]) }]);

        var result = Run(network, new BasicGuider(model, masked));

        Assert.True(GoldenSampling.Difference(Run(network, new BasicGuider(model, Text(0.5f))), result) < 1e-6);
    }

    [Fact]
    public void Run_PerturbedAttention_GuidesAwayFromASecondPrediction()
    {
        using var scope = new TensorScope();
        var network = new FakeNetwork();
        var model = Model(network) with { GuidanceHooks = [new PerturbedAttentionGuidance(3)] };

        Run(network, new CfgGuider(model, Text(0.5f), Text(0.25f), 3));

        Assert.Equal(2 * Steps, network.Texts.Count);
        Assert.Equal([0.25f, 0.5f], network.Texts[0]);
        Assert.Equal([0.5f], network.Texts[1]);
    }

    [Fact]
    public void Run_TimestepRanges_ChangeThePromptOnTheWay()
    {
        using var scope = new TensorScope();
        var network = new FakeNetwork();
        var changing = new Conditioning([
            Entry(0.5f) with
            {
                StartPercent = 0,
                EndPercent = 0.5,
            },
            Entry(0.125f) with
            {
                StartPercent = 0.5,
                EndPercent = 1,
            },
        ]);

        Run(network, new BasicGuider(Model(network), changing));

        Assert.Equal([0.5f], network.Texts[0]);
        Assert.Equal([0.125f], network.Texts[^1]);
        Assert.Equal(Steps, network.Texts.Count);
    }

    [Fact]
    public void Run_NoiseMask_KeepsTheLatentWhereItIsZero()
    {
        using var scope = new TensorScope();
        var network = new FakeNetwork();
        var mask = Tensor.Zeros([1, 1, 16, 16]);
        mask.Slice(3, 0, 8).FillInPlace(1);
        var latent = Tensor.Full([1, 4, 16, 16], 3.0);

        var result = Request(network, new BasicGuider(Model(network), Text(0.5f)), latent) with { NoiseMask = mask };
        var sampled = result.Run().Latent;

        Assert.All(sampled.Slice(3, 8, 16).ToArray<float>(), value => Assert.Equal(3, value, 1e-5f));
        Assert.Contains(sampled.Slice(3, 0, 8).ToArray<float>(), value => Math.Abs(value - 3) > 0.125f);
    }

    [Fact]
    public void Run_InpaintingNetworkWithoutMask_IsGivenOnesAndABlankPicture()
    {
        using var scope = new TensorScope();
        var network = new FakeNetwork(inputChannels: 9);

        Run(network, new BasicGuider(Model(network), Text(0.5f)));

        var concat = network.Concats[0];
        Assert.Equal(1, concat[0]);
        Assert.Equal(0.8223f, concat[16 * 16]);
        Assert.Equal(0.1380f, concat[^1]);
    }

    [Fact]
    public void Run_NetworkWithUnknownChannels_SaysWhichAreKnown()
    {
        using var scope = new TensorScope();
        var network = new FakeNetwork(inputChannels: 11);

        var problem = Assert.Throws<NotSupportedException>(() =>
            Run(network, new BasicGuider(Model(network), Text(0.5f)))
        );

        Assert.Contains("11 channels", problem.Message);
    }

    [Fact]
    public void Run_LatentOfAnotherFamily_IsRefusedWithTheRemedy()
    {
        using var scope = new TensorScope();
        var network = new FakeNetwork();
        var request = Request(network, new BasicGuider(Model(network), Text(0.5f)), Tensor.Ones([1, 16, 8, 8]));

        var problem = Assert.Throws<ArgumentException>(() => request.Run());

        Assert.Contains("[batch, 4, height, width]", problem.Message);
    }

    [Fact]
    public void Run_Cancelled_StopsBeforeTheNextPrediction()
    {
        using var scope = new TensorScope();
        var network = new FakeNetwork();
        using var source = new CancellationTokenSource();
        var request = Request(network, new BasicGuider(Model(network), Text(0.5f)), Tensor.Zeros([1, 4, 16, 16])) with
        {
            Callback = step =>
            {
                if (step.Index == 1)
                {
                    source.Cancel();
                }
            },
            Cancellation = source.Token,
        };

        Assert.Throws<OperationCanceledException>(() => request.Run());
        Assert.Equal(2, network.Texts.Count);
    }

    [Fact]
    public void FitEmptyLatent_ZerosWithOtherChannels_AreRepeated()
    {
        using var scope = new TensorScope();
        var fitted = SamplingRequest.FitEmptyLatent(Tensor.Zeros([2, 4, 8, 8]), LatentFormat.Flux);

        Assert.Equal([2, 16, 8, 8], fitted.Shape.ToArray());
    }

    private static DiffusionModel Model(FakeNetwork network) =>
        new()
        {
            Source = network,
            Sampling = new DiscreteModelSampling(new EpsPrediction()),
            LatentFormat = LatentFormat.Sd15,
        };

    private static ConditioningEntry Entry(float value, long tokens = 4) =>
        new() { Context = Tensor.Full([1, tokens, 8], (double)value) };

    private static Conditioning Text(float value, long tokens = 4) => new([Entry(value, tokens)]);

    private static Tensor Run(FakeNetwork network, IGuider guider, ISampler? sampler = null) =>
        (
            Request(network, guider, Tensor.Zeros([1, 4, 16, 16])) with
            {
                Sampler = sampler ?? SamplerCatalogue.Get("euler"),
            }
        )
            .Run()
            .Latent;

    private static SamplingRequest Request(FakeNetwork network, IGuider guider, Tensor latent) =>
        new()
        {
            Guider = guider,
            Sampler = SamplerCatalogue.Get("euler"),
            Sigmas = ScheduleCatalogue.Get("normal").Compute(Model(network).Sampling, Steps),
            Noise = InitialNoise.Prepare(latent.Shape, 7),
            Latent = latent,
            Seed = 7,
        };
}
