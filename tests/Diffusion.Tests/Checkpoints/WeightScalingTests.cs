using NodeHost.Diffusion.Checkpoints;
using NodeHost.Tensors;

namespace NodeHost.Tests.Diffusion.Checkpoints;

[AssertNoLeakedTensors]
public sealed class WeightScalingTests
{
    private static readonly WeightTarget Network = new(
        ModelRole.Diffusion,
        "SD1.5",
        new Dictionary<string, WeightInfo>()
    );

    [Fact]
    public void Patch_NamedWeights_AreMultiplied()
    {
        using var scope = new TensorScope();
        var patcher = new WeightScaling(ModelRole.Diffusion, name => name == "a" ? 3 : 1).For(Network, 1)!;

        Assert.True(patcher.Patches("a"));
        Assert.False(patcher.Patches("b"));
        Assert.Equal([3f, 6f], patcher.Patch("a", Tensor.From([1f, 2f], 2)).ToArray<float>());
    }

    [Theory]
    [InlineData(0.0, 1.0)]
    [InlineData(0.5, 2.0)]
    public void Patch_Strength_SharesTheChange(double strength, double expected)
    {
        using var scope = new TensorScope();
        var patcher = new WeightScaling(ModelRole.Diffusion, _ => 3).For(Network, strength)!;

        Assert.Equal(expected != 1, patcher.Patches("a"));
        Assert.Equal(expected, patcher.Patch("a", Tensor.Ones([1])).Item());
    }

    [Fact]
    public void For_NetworkOfAnotherKind_ChangesNothing()
    {
        Assert.Null(new WeightScaling(ModelRole.TextEncoder, _ => 3).For(Network, 1));
    }
}
