using NodeHost.Diffusion.Attention;
using NodeHost.Diffusion.Checkpoints;
using NodeHost.Diffusion.Models;
using NodeHost.Diffusion.Networks.Flux;
using NodeHost.Tensors;

namespace NodeHost.Tests.Diffusion.Networks;

[AssertNoLeakedTensors]
public sealed class FluxModelTests
{
    private static readonly FluxConfig Config = FluxConfig.Tiny with { DoubleBlocks = 2, SingleBlocks = 3 };

    [Fact]
    public void Forward_WithHook_VisitsEverySiteInOrder()
    {
        var hook = new Recorder();
        Forward([hook], references: []);

        Assert.Equal(["double_0", "double_1", "single_0", "single_1", "single_2"], hook.Seen.Select(seen => seen.Name));
        Assert.Equal([2, 2, 3, 3, 3], hook.Seen.Select(seen => seen.TotalBlocks));
    }

    [Fact]
    public void Forward_WithReference_ShowsTextImageAndReferenceRows()
    {
        var hook = new Recorder();
        Forward(
            [hook],
            references:
            [
                [1, 16, 2, 6],
            ]
        );

        // 5 text tokens, 2 x 3 of the image (its odd width padded), 1 x 3 of the reference.
        Assert.All(hook.Shapes, shape => Assert.Equal([1, 14, Config.Width], shape));
        Assert.All(hook.Ranges, range => Assert.Equal(5..14, range));
    }

    [Fact]
    public void Forward_WithHooksThatUndoEachOther_IsUnchanged()
    {
        var plain = Forward([], references: []);
        var doubled = Forward([new Factor(2)], references: []);
        var undone = Forward([new Factor(2), new Factor(0.5)], references: []);

        Assert.NotEqual(plain, doubled);
        Assert.Equal(plain, undone);
    }

    [Fact]
    public void Forward_BatchOfTwo_IsTwoSinglePasses()
    {
        using var scope = new TensorScope();
        using var source = RandomWeights.Of(FluxWeights.Shapes(Config));
        using var weights = new WeightSet(source);
        using var generator = new Generator(4);
        var network = new FluxModel(weights.Root, Config);
        var x = Tensor.Randn([2, 16, 4, 4], generator);
        var times = Tensor.From([0.3f, 0.8f], 2);
        var input = new NetworkInput
        {
            Context = Tensor.Randn([2, 5, Config.ContextWidth], generator),
            Pooled = Tensor.Randn([2, Config.VectorWidth], generator),
            Guidance = Tensor.From([2f, 5f], 2),
        };

        var together = network.Forward(x, times, input);

        for (var row = 0; row < 2; row++)
        {
            var single = new NetworkInput
            {
                Context = input.Context.Slice(0, row, row + 1),
                Pooled = input.Pooled.Slice(0, row, row + 1),
                Guidance = input.Guidance.Slice(0, row, row + 1),
            };
            var alone = network.Forward(x.Slice(0, row, row + 1), times.Slice(0, row, row + 1), single);
            var difference = (together.Slice(0, row, row + 1) - alone).Abs().Max().Item();
            Assert.True(difference <= 1e-5 * alone.Std().Item(), $"row {row} differs by {difference}");
        }
    }

    private static float[] Forward(IReadOnlyList<IAttentionHook> hooks, long[][] references)
    {
        using var scope = new TensorScope();
        using var source = RandomWeights.Of(FluxWeights.Shapes(Config));
        using var weights = new WeightSet(source);
        using var generator = new Generator(3);
        var network = new FluxModel(weights.Root, Config);
        var input = new NetworkInput
        {
            Context = Tensor.Randn([1, 5, Config.ContextWidth], generator),
            Pooled = Tensor.Randn([1, Config.VectorWidth], generator),
            Guidance = Tensor.Full([1], 3.5),
            ReferenceLatents = [.. references.Select(shape => Tensor.Randn(shape, generator))],
        };
        using var active = new AttentionHooks(hooks, new ForwardStep { Sigma = 0.5 }).Activate();
        var output = network.Forward(Tensor.Randn([1, 16, 4, 5], generator), Tensor.Full([1], 0.5), input);
        Assert.Equal([1, 16, 4, 5], output.Shape.ToArray());
        return output.ToArray<float>();
    }

    private sealed class Recorder : IAttentionHook
    {
        public List<AttentionSite> Seen { get; } = [];

        public List<long[]> Shapes { get; } = [];

        public List<Range> Ranges { get; } = [];

        public Tensor Apply(in AttentionOutput output)
        {
            Seen.Add(output.Site);
            Shapes.Add(output.Value.Shape.ToArray());
            Ranges.Add(output.ImageTokens);
            return output.Value;
        }
    }

    private sealed class Factor(double factor) : IAttentionHook
    {
        public Tensor Apply(in AttentionOutput output) => output.Value * factor;
    }
}
