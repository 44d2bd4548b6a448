using NodeHost.Diffusion.Models;
using NodeHost.Diffusion.Models.Store;
using NodeHost.Diffusion.Text.Tokenization;
using NodeHost.Tensors;
using NodeHost.Tests.Shared;

namespace NodeHost.Tests.Diffusion.Models;

/// <summary>What the store keeps in memory, on the tiny model that ships with NodeHost.</summary>
[AssertNoLeakedTensors]
public sealed class MemoryBudgetTests
{
    private static readonly string Checkpoint = Repository.Model("checkpoints/nodehost-tiny-sd15.safetensors");

    [Fact]
    public void Load_ModelBesideTextEncoderOverBudget_TextEncoderLeavesFirst()
    {
        var (encoder, network) = Sizes();
        using var store = Open(Math.Max(encoder, network) + 1);
        var loaded = store.LoadCheckpoint(Checkpoint);
        Encode(loaded);
        Assert.Equal(encoder, store.ResidentBytes);

        Predict(loaded);

        // The model is there whole: what the encoder kept of its weights is what is left of the budget.
        Assert.InRange(store.ResidentBytes, network, Math.Max(encoder, network) + 1);
    }

    [Fact]
    public void Load_BudgetForBoth_BothStay()
    {
        var (encoder, network) = Sizes();
        using var store = Open(encoder + network);
        var loaded = store.LoadCheckpoint(Checkpoint);

        Encode(loaded);
        Predict(loaded);

        Assert.Equal(encoder + network, store.ResidentBytes);
    }

    [Fact]
    public void Load_OtherNetworkInUse_KeepsItAndStaysWithinTheBudget()
    {
        var (encoder, network) = Sizes();
        var budget = Math.Max(encoder, network);
        using var store = Open(budget);
        var loaded = store.LoadCheckpoint(Checkpoint);
        var expected = Predict(loaded);
        store.Unload();
        using (new TensorScope())
        {
            Encode(loaded);

            Assert.Equal(expected, Predict(loaded));
            Assert.InRange(store.ResidentBytes, encoder, budget);
            store.Unload();
            Assert.InRange(store.ResidentBytes, encoder, budget);
        }

        store.Unload();
        Assert.Equal(0, store.ResidentBytes);
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.5)]
    [InlineData(1.2)]
    public async Task Load_ManyThreadsAndASmallBudget_EachGetsTheSameBits(double share)
    {
        var (encoder, network) = Sizes();
        float[] expectedText,
            expectedFlow;
        using (var store = Open(long.MaxValue))
        {
            var loaded = store.LoadCheckpoint(Checkpoint);
            (expectedText, expectedFlow) = (Encode(loaded), Predict(loaded));
        }
        using var small = Open((long)(Math.Max(encoder, network) * share));
        var handles = small.LoadCheckpoint(Checkpoint);

        var runs = Enumerable
            .Range(0, 4)
            .Select(worker =>
                Task.Run(() =>
                {
                    for (var round = 0; round < 4; round++)
                    {
                        if ((worker + round) % 2 == 0)
                        {
                            Assert.Equal(expectedText, Encode(handles));
                        }
                        else
                        {
                            Assert.Equal(expectedFlow, Predict(handles));
                        }
                        small.Unload();
                    }
                })
            );
        await Task.WhenAll(runs);

        small.Unload();
        Assert.Equal(0, small.ResidentBytes);
    }

    private static (long Encoder, long Network) Sizes()
    {
        using var store = Open(long.MaxValue);
        var loaded = store.LoadCheckpoint(Checkpoint);
        Encode(loaded);
        var encoder = store.ResidentBytes;
        Predict(loaded);
        return (encoder, store.ResidentBytes - encoder);
    }

    private static ModelStore Open(long budget) =>
        new(
            new ModelStoreOptions
            {
                Tokenizers = new TokenizerLocator([Repository.Model("tokenizers")]),
                Device = Device.Cpu,
                BudgetBytes = budget,
            }
        );

    private static float[] Encode(LoadedCheckpoint loaded)
    {
        using var scope = new TensorScope();
        return loaded.Clip!.Encode("a red (square:1.2)").Cond.ToArray<float>();
    }

    private static float[] Predict(LoadedCheckpoint loaded)
    {
        using var scope = new TensorScope();
        using var generator = new Generator(3);
        var network = loaded.Model.Source.Load([]);
        var input = new NetworkInput { Context = Tensor.Randn([1, 7, 16], generator) };
        return network.Forward(Tensor.Randn([1, 4, 16, 16], generator), Tensor.Full([1], 500), input).ToArray<float>();
    }
}
