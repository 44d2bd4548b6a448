using NodeHost.Diffusion.Conditions;
using NodeHost.Diffusion.Models;
using NodeHost.Diffusion.Sampling;
using NodeHost.Diffusion.Sampling.Parameterizations;
using NodeHost.Graph.Contracts;
using NodeHost.Nodes.CustomSampling;
using NodeHost.Nodes.Sampling;
using NodeHost.Nodes.Values;
using NodeHost.Tensors;
using NodeHost.Tests.Diffusion.Sampling;

namespace NodeHost.Tests.Nodes.Sampling;

[AssertNoLeakedTensors]
public sealed class KSamplerTests
{
    private const int Steps = 6;
    private const ulong Seed = 9;

    private readonly NodeContext _context = new();

    [Fact]
    public void Execute_AdvancedSamplerInTwoParts_EqualsOneRun()
    {
        using var scope = new TensorScope();
        var whole = KSampler(Empty()).Execute(_context);

        var noisy = Advanced(Empty(), 0, 3, addNoise: true, leftover: true).Execute(_context);
        var finished = Advanced(noisy, 3, 10000, addNoise: false, leftover: false).Execute(_context);

        Assert.True(GoldenSampling.Difference(whole.Samples, finished.Samples) < 1e-5);
    }

    [Fact]
    public void Execute_AdvancedSamplerThatStartsBehindTheEnd_LeavesTheLatent()
    {
        using var scope = new TensorScope();
        var latent = Empty();

        Assert.Same(latent, Advanced(latent, 5, 3, addNoise: true, leftover: true).Execute(_context));
    }

    [Fact]
    public void Execute_CustomSamplerOverSplitSigmas_EqualsOneRun()
    {
        using var scope = new TensorScope();
        var sigmas = new BasicScheduler { Model = Model(), Steps = Steps }.Execute(_context);
        var (high, low) = new SplitSigmas { Sigmas = sigmas, Step = 2 }.Execute(_context);

        var whole = Custom(Empty(), sigmas, addNoise: true);
        var split = Custom(Custom(Empty(), high, addNoise: true), low, addNoise: false);

        Assert.True(GoldenSampling.Difference(whole.Samples, split.Samples) < 1e-5);
    }

    [Fact]
    public void Execute_DenoiseBelowOne_StaysNearTheLatent()
    {
        using var scope = new TensorScope();
        var latent = new Latent(Tensor.Full([1, 4, 16, 16], 2.0)) { BatchIndex = [3] };

        var result = KSampler(latent, denoise: 0.05).Execute(_context);

        Assert.Equal(latent.BatchIndex, result.BatchIndex);
        Assert.InRange(result.Samples.Mean().Item(), 1, 3);
    }

    private static Latent Empty() => new(Tensor.Zeros([1, 4, 16, 16]));

    private static DiffusionModel Model() =>
        new()
        {
            Source = new FakeNetwork(),
            Sampling = new DiscreteModelSampling(new EpsPrediction()),
            LatentFormat = LatentFormat.Sd15,
        };

    private static Conditioning Text(double value) =>
        new([new ConditioningEntry { Context = Tensor.Full([1, 4, 8], value) }]);

    private static KSampler KSampler(Latent latent, double denoise = 1) =>
        new()
        {
            Model = Model(),
            Seed = Seed,
            Steps = Steps,
            Cfg = 2,
            Positive = Text(0.5),
            Negative = Text(0.25),
            LatentImage = latent,
            Denoise = denoise,
        };

    private static KSamplerAdvanced Advanced(Latent latent, int start, int end, bool addNoise, bool leftover) =>
        new()
        {
            Model = Model(),
            AddNoise = addNoise ? "enable" : "disable",
            NoiseSeed = Seed,
            Steps = Steps,
            Cfg = 2,
            Positive = Text(0.5),
            Negative = Text(0.25),
            LatentImage = latent,
            StartAtStep = start,
            EndAtStep = end,
            ReturnWithLeftoverNoise = leftover ? "enable" : "disable",
        };

    private Latent Custom(Latent latent, Sigmas sigmas, bool addNoise) =>
        new SamplerCustom
        {
            Model = Model(),
            AddNoise = addNoise,
            NoiseSeed = Seed,
            Cfg = 2,
            Positive = Text(0.5),
            Negative = Text(0.25),
            Sampler = SamplerCatalogue.Get("euler"),
            Sigmas = sigmas,
            LatentImage = latent,
        }
            .Execute(_context)
            .Output;
}
