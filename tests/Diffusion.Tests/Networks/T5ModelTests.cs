using NodeHost.Diffusion.Checkpoints;
using NodeHost.Diffusion.Networks.T5;
using NodeHost.Tensors;

namespace NodeHost.Tests.Diffusion.Networks;

[AssertNoLeakedTensors]
public sealed class T5ModelTests
{
    private static readonly T5Config Config = T5Config.Tiny with { Layers = 2, Vocabulary = 50 };

    [Fact]
    public void ConfigFrom_Shapes_ReadsEveryNumber()
    {
        using var scope = new TensorScope();
        using var source = RandomWeights.Of(T5Weights.Shapes(Config));
        using var weights = new WeightSet(source);

        Assert.Equal(Config, T5Config.From(weights.Root));
    }

    [Fact]
    public void Forward_BatchOfTwo_IsTwoSinglePasses()
    {
        using var scope = new TensorScope();
        using var source = RandomWeights.Of(T5Weights.Shapes(Config));
        using var weights = new WeightSet(source);
        var model = new T5Model(weights.Root, Config);
        long[] ids = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3];
        var embedded = model.Embed(Tensor.From(ids, 2, 5));

        var together = model.Forward(embedded, Config.Layers);

        for (var row = 0; row < 2; row++)
        {
            var alone = model.Forward(embedded.Slice(0, row, row + 1), Config.Layers);
            Assert.True((together.Slice(0, row, row + 1) - alone).Abs().Max().Item() < 1e-5);
        }
    }

    [Fact]
    public void Forward_TokensSwapped_AreNotMerelySwapped()
    {
        using var scope = new TensorScope();
        using var source = RandomWeights.Of(T5Weights.Shapes(Config));
        source.Tensors[$"{T5Weights.Attention(0)}.relative_attention_bias.weight"].MultiplyInPlace(100);
        using var weights = new WeightSet(source);
        var model = new T5Model(weights.Root, Config);
        long[] ids = [3, 7, 9];
        long[] swapped = [7, 3, 9];

        var straight = model.Forward(model.Embed(Tensor.From(ids, 1, 3)), Config.Layers);
        var crossed = model.Forward(model.Embed(Tensor.From(swapped, 1, 3)), Config.Layers);

        // The last token sees the same words in another order: only the distances tell.
        Assert.True((straight - crossed).Select(1, 2).Abs().Max().Item() > 1e-3);
    }
}
