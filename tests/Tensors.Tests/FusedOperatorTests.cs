using NodeHost.Tensors;

namespace NodeHost.Tests.Tensors;

/// <summary>Operators of our own against libtorch's plain ones.</summary>
[AssertNoLeakedTensors]
public sealed class FusedOperatorTests
{
    private const double Tolerance = 2e-6;

    [Theory]
    [InlineData(new long[] { 7 })]
    [InlineData(new long[] { 0, 5 })]
    [InlineData(new long[] { 3, 5, 33 })]
    [InlineData(new long[] { 2, 300, 257 })]
    public void FastGelu_OnTheCpu_IsLibtorchs(long[] shape)
    {
        using var scope = new TensorScope();
        using var generator = new Generator(1);
        var x = Tensor.Randn(shape, generator) * 4;

        Assert.True(Close(Functional.Gelu(x.To(DType.Float64), tanh: true), Functional.FastGelu(x)));
    }

    [Fact]
    public void FastGelu_OfAPartAndOfExtremes_IsLibtorchs()
    {
        using var scope = new TensorScope();
        using var generator = new Generator(1);
        var part = Tensor.Randn([2, 40, 50], generator).Slice(2, 10, 45).Slice(1, 3, 30);
        var extremes = Tensor.From([-1e30f, -100, -20, -1e-30f, 0, 1e-30f, 20, 100, 1e30f], 9);

        Assert.True(Close(Functional.Gelu(part.To(DType.Float64), tanh: true), Functional.FastGelu(part)));
        var results = Functional.FastGelu(extremes).ToArray<float>();
        Assert.All(results[..6], value => Assert.InRange(value, -1e-6f, 1e-6f));
        Assert.Equal([20, 100, 1e30f], results[6..]);
        Assert.True(Functional.FastGelu(Tensor.From([float.NaN], 1)).ToArray<float>().All(float.IsNaN));
    }

    [Theory]
    [InlineData(1, 5, 2, 3, 32)]
    [InlineData(2, 4, 1, 1, 6)]
    [InlineData(2, 90, 2, 24, 128)]
    public void NormTurn_OnTheCpu_IsThePlainOperators(long batch, long tokens, long parts, long heads, long width)
    {
        using var scope = new TensorScope();
        using var generator = new Generator(1);
        // As the network has it: a part of a wider projection.
        var projection = Tensor.Randn([batch, tokens, parts + 1, heads, width], generator);
        var x = projection.Slice(2, 0, parts);
        var scales = Tensor.Randn([parts, 1, width], generator);
        var angles = Tensor.Randn([1, tokens, 1, 1, width / 2], generator);
        var rotations = new Operator("aten::complex").Call(angles.Cos(), angles.Sin());

        var plain = Functional.PlainNormTurn(x, scales, rotations, 1e-6);

        Assert.True(Close(plain, Functional.NormTurn(x, scales, rotations)));
        Assert.True(Functional.NormTurn(x, scales, rotations).IsContiguous());
    }

    [Fact]
    public void FusedOperators_WhereGradientsAreWanted_HaveThem()
    {
        using var scope = new TensorScope();
        var x = Tensor.From([0.5f, -1, 2, 1], 1, 1, 1, 1, 4);
        x.RequiresGrad = true;
        var angles = Tensor.From([0.3f, 1.2f], 1, 1, 1, 1, 2);
        var rotations = new Operator("aten::complex").Call(angles.Cos(), angles.Sin());

        var turned = Functional.NormTurn(x, Tensor.Ones([1, 1, 4]), rotations);
        (Functional.FastGelu(turned) * turned).Sum().Backward();

        Assert.Contains(x.Grad!.ToArray<float>(), value => value != 0);
    }

    [Fact]
    public void NormTurn_RotationsOfOtherTokens_AreRefused()
    {
        using var scope = new TensorScope();
        var rotations = new Operator("aten::complex").Call(Tensor.Ones([1, 3, 1, 1, 2]), Tensor.Ones([1, 3, 1, 1, 2]));

        var error = Assert.ThrowsAny<TensorException>(() =>
            Functional.NormTurn(Tensor.Ones([1, 5, 2, 1, 4]), Tensor.Ones([2, 1, 4]), rotations)
        );
        Assert.Contains("rotations [1, 5, 1, 1, 2]", error.Message, StringComparison.Ordinal);
    }

    private static bool Close(Tensor expected, Tensor actual)
    {
        var allowed = expected.Abs().To(DType.Float64) * Tolerance + Tolerance;
        return (expected.To(DType.Float64) - actual.To(DType.Float64)).Abs().To(DType.Float64).LessThan(allowed).All();
    }
}
