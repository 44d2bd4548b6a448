using NodeHost.Diffusion.Blocks;
using NodeHost.Diffusion.Checkpoints;
using NodeHost.Diffusion.Guidance;
using NodeHost.Diffusion.Models;
using NodeHost.Diffusion.Networks.Flux;
using NodeHost.Tensors;
using NodeHost.Tests.Diffusion.Networks;

namespace NodeHost.Tests.Diffusion.Blocks;

/// <summary>A Flux whose last blocks are skipped is the Flux that has them not.</summary>
[AssertNoLeakedTensors]
public sealed class SkippedBlockTests
{
    private static readonly FluxConfig Config = FluxConfig.Tiny with { DoubleBlocks = 2, SingleBlocks = 3 };

    [Fact]
    public void Forward_LastBlocksSkipped_EqualsAShorterNetwork()
    {
        using var scope = new TensorScope();
        using var source = RandomWeights.Of(FluxWeights.Shapes(Config));
        using var weights = new WeightSet(source);
        var whole = new FluxModel(weights.Root, Config);
        var shorter = new FluxModel(weights.Root, Config with { DoubleBlocks = 1, SingleBlocks = 1 });
        var (x, time, input) = Call(batch: 2);
        var layers = SkippedLayers.Parse("1", "1, 2");

        var skipped = Run(whole, x, time, input, layers.Hook((_, _) => true), [0]);

        Assert.Equal(shorter.Forward(x, time, input).ToArray<float>(), skipped);
        Assert.NotEqual(whole.Forward(x, time, input).ToArray<float>(), skipped);
    }

    [Fact]
    public void Forward_SkippedForTheNegative_LeavesThePositiveHalf()
    {
        using var scope = new TensorScope();
        using var source = RandomWeights.Of(FluxWeights.Shapes(Config));
        using var weights = new WeightSet(source);
        var whole = new FluxModel(weights.Root, Config);
        var shorter = new FluxModel(weights.Root, Config with { DoubleBlocks = 1, SingleBlocks = 2 });
        var (x, time, input) = Call(batch: 2);
        var layers = SkippedLayers.Parse("1", "2");

        var mixed = Run(whole, x, time, input, layers.Hook((part, _) => part == 1), [1, 0]);

        var (without, plain) = (shorter.Forward(x, time, input), whole.Forward(x, time, input));
        var expected = Tensor.Concat([without.Slice(0, 0, 1), plain.Slice(0, 1, 2)], 0);
        Assert.Equal(expected.ToArray<float>(), mixed);
    }

    [Fact]
    public void Forward_NumbersBeyondTheNetwork_ChangeNothing()
    {
        using var scope = new TensorScope();
        using var source = RandomWeights.Of(FluxWeights.Shapes(Config));
        using var weights = new WeightSet(source);
        var whole = new FluxModel(weights.Root, Config);
        var (x, time, input) = Call(batch: 1);

        var skipped = Run(whole, x, time, input, SkippedLayers.Parse("7, 8", "9").Hook((_, _) => true), [0]);

        Assert.Equal(whole.Forward(x, time, input).ToArray<float>(), skipped);
    }

    private static float[] Run(
        FluxModel network,
        Tensor x,
        Tensor time,
        NetworkInput input,
        IBlockHook hook,
        int[] parts
    )
    {
        var step = new ForwardStep { Sigma = 1, ConditioningParts = parts };
        using var active = new BlockHooks([hook], step, x.Length(2), x.Length(3)).Activate();
        return network.Forward(x, time, input).ToArray<float>();
    }

    private static (Tensor X, Tensor Time, NetworkInput Input) Call(int batch)
    {
        using var generator = new Generator(5);
        var input = new NetworkInput
        {
            Context = Tensor.Randn([batch, 3, Config.ContextWidth], generator),
            Pooled = Tensor.Randn([batch, Config.VectorWidth], generator),
            Guidance = Tensor.Full([batch], 3.5),
        };
        return (Tensor.Randn([batch, Config.OutputChannels, 4, 6], generator), Tensor.Full([batch], 0.5), input);
    }
}
