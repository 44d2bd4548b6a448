using NodeHost.Diffusion.Networks.Autoencoder;
using NodeHost.Tensors;

namespace NodeHost.Tests.Diffusion.Networks;

[AssertNoLeakedTensors]
public sealed class FeatheredTilesTests
{
    [Theory]
    [InlineData(1.0)]
    [InlineData(2.0)]
    public void Run_FunctionThatKnowsNoNeighbours_EqualsOneRun(double scale)
    {
        using var scope = new TensorScope();
        var x = Tensor.Randn([2, 3, 20, 33], new Generator(5));
        var tiles = new FeatheredTiles(TileWidth: 12, TileHeight: 8, Overlap: 4, scale);
        var count = 0;
        Tensor Enlarge(Tensor part) =>
            Functional.Interpolate(
                part,
                (long)(part.Length(2) * scale),
                (long)(part.Length(3) * scale),
                InterpolationMode.Nearest
            );

        var actual = tiles.Run(x, Enlarge, () => count++);

        Assert.True((actual - Enlarge(x)).Abs().Max().Item() < 1e-5);
        Assert.Equal(tiles.CountOf(x) * 2, count);
    }
}
