using NodeHost.Diffusion.Checkpoints;
using NodeHost.Diffusion.Layers;
using NodeHost.Tensors;
using NodeHost.Tests.Diffusion.Checkpoints;

namespace NodeHost.Tests.Diffusion.Layers;

[AssertNoLeakedTensors]
public sealed class Conv2dTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    [InlineData(2, 0)]
    public void Conv2d_LargeKernelOnFewPositions_EqualsConvolution(int stride, int padding)
    {
        using var scope = new TensorScope();
        var generator = new Generator(1);
        var weight = Tensor.Randn([384, 320, 3, 3], generator);
        var bias = Tensor.Randn([384], generator);
        var x = Tensor.Randn([2, 320, 5, 6], generator);
        using var source = new FakeSource("m").Add("weight", weight).Add("bias", bias);
        using var weights = new WeightSet(source);

        var actual = new Conv2d(weights.Root, 320, 384, kernel: 3, stride, padding).Forward(x);

        var expected = Functional.Conv2d(x, weight, bias, stride, padding);
        Assert.Equal(expected.Shape.ToArray(), actual.Shape.ToArray());
        Assert.True((actual - expected).Abs().Max().Item() < 1e-5 * expected.Std().Item());
    }
}
