using NodeHost.Diffusion.Checkpoints;
using NodeHost.Diffusion.Models;
using NodeHost.Diffusion.Networks.Flux;
using NodeHost.Diffusion.Networks.T5;
using NodeHost.Tensors;
using NodeHost.Tensors.Safetensors;
using NodeHost.Tests.Shared;

namespace NodeHost.Tests.Diffusion.Networks;

/// <summary>Networks that are larger than their budget: weights read block by block give the same bits.</summary>
[AssertNoLeakedTensors]
public sealed class StreamingTests : IDisposable
{
    private static readonly WeightPatch[] Patches = [new(new AddHundredth(), 1)];

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string, DType, double> Networks =>
        new()
        {
            { "flux", DType.Float32, 0 },
            { "flux", DType.BFloat16, 0 },
            { "flux", DType.BFloat16, 0.5 },
            { "unet", DType.Float16, 0 },
            { "unet", DType.Float16, 0.6 },
            { "t5", DType.Float32, 0 },
            { "t5", DType.Float16, 0.7 },
        };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Networks))]
    public void Forward_BudgetSmallerThanTheNetwork_GivesTheSameBitsWithinTheBudget(
        string name,
        DType stored,
        double share
    )
    {
        using var source = SafetensorsSource.Open(FileOf(name, stored));
        var part = ModelFamilies.Recognise(source)[0];
        using var kept = part.Open(Patches);
        using var streamed = part.Open(Patches, keptBytes: 0);

        var expected = Run(part.Build(kept.Root));
        var network = part.Build(streamed.Root);
        var budget = (long)(streamed.TotalBytes * share);
        streamed.FitInto(budget);
        var actual = Run(network);

        Assert.Equal(expected, actual);
        Assert.Equal(kept.TotalBytes, kept.KeptBytes);
        Assert.InRange(streamed.PeakBytes, 1, Math.Max(budget, streamed.LargestBlockBytes));
        Assert.True(streamed.LargestBlockBytes < streamed.TotalBytes * 0.6);
        Assert.Equal(streamed.KeptBytes, streamed.ResidentBytes);
        Assert.Equal(share > 0, streamed.KeptBytes > 0);
    }

    [Fact]
    public void Forward_AfterGrowingAndShrinking_GivesTheSameBits()
    {
        using var source = SafetensorsSource.Open(FileOf("flux", DType.BFloat16));
        var part = ModelFamilies.Recognise(source)[0];
        using var weights = part.Open(Patches, keptBytes: 0);
        var network = part.Build(weights.Root);
        var first = Run(network);

        weights.FitInto(long.MaxValue);
        Assert.Equal(weights.TotalBytes, weights.KeptBytes);
        Assert.Equal(first, Run(network));

        weights.GiveUp(weights.TotalBytes / 3);
        Assert.InRange(weights.KeptBytes, 1, weights.TotalBytes * 2 / 3);
        Assert.Equal(first, Run(network));
    }

    private static float[] Run(object network)
    {
        using var scope = new TensorScope();
        using var generator = new Generator(2);
        switch (network)
        {
            case FluxModel flux:
                var text = new NetworkInput
                {
                    Context = Tensor.Randn([1, 4, FluxConfig.Tiny.ContextWidth], generator),
                    Pooled = Tensor.Randn([1, FluxConfig.Tiny.VectorWidth], generator),
                    Guidance = Tensor.Full([1], 3.5),
                };
                return flux.Forward(Tensor.Randn([1, 16, 4, 4], generator), Tensor.Full([1], 0.5), text)
                    .ToArray<float>();
            case IDiffusionNetwork unet:
                var context = new NetworkInput { Context = Tensor.Randn([2, 7, 16], generator) };
                return unet.Forward(Tensor.Randn([2, 4, 16, 16], generator), Tensor.Full([2], 500), context)
                    .ToArray<float>();
            default:
                var t5 = (T5Model)network;
                long[] ids = [3, 1, 4, 1, 5, 9, 2, 6];
                return t5.Forward(t5.Embed(Tensor.From(ids, 2, 4)), t5.Config.Layers).ToArray<float>();
        }
    }

    private string FileOf(string network, DType dtype)
    {
        if (network == "unet")
        {
            return Repository.Model("checkpoints/nodehost-tiny-sd15.safetensors");
        }
        var shapes =
            network == "flux"
                ? FluxWeights.Shapes(FluxConfig.Tiny)
                : T5Weights.Shapes(T5Config.Tiny with { Layers = 4, Vocabulary = 50 });
        var path = _folder.File($"{network}.safetensors");
        using var scope = new TensorScope();
        using var random = RandomWeights.Of(shapes);
        SafetensorsWriter.Save(path, random.Tensors.ToDictionary(pair => pair.Key, pair => pair.Value.To(dtype)));
        return path;
    }

    /// <summary>An adapter on some of the weights.</summary>
    private sealed class AddHundredth : IWeightAdapter, IWeightPatcher
    {
        public IWeightPatcher For(WeightTarget target, double strength) => this;

        public bool Patches(string name) => name.EndsWith("1.weight", StringComparison.Ordinal);

        public Tensor Patch(string name, Tensor weight) => weight + 0.01;
    }
}
