using NodeHost.Tensors;

namespace NodeHost.Tests.Tensors;

/// <summary>Every typed wrapper passes its operator the arguments it expects: one known result each.</summary>
[AssertNoLeakedTensors]
public sealed class WrapperTests
{
    private static readonly Dictionary<string, (Func<Tensor> Compute, float[] Expected)> Cases = new()
    {
        ["rsub"] = (() => 5 - V(1, 2), [4, 3]),
        ["scalar / tensor"] = (() => 6.0 / V(2, 3), [3, 2]),
        ["add with factor"] = (() => V(1, 2).Add(V(10, 20), 0.5), [6, 12]),
        ["remainder"] = (() => V(-1, 5).Remainder(3), [2, 2]),
        ["pow"] = (() => V(2, 3).Pow(2), [4, 9]),
        ["sqrt"] = (() => V(4, 9).Sqrt(), [2, 3]),
        ["rsqrt"] = (() => V(4, 16).Rsqrt(), [0.5f, 0.25f]),
        ["exp log"] = (() => V(1, 2).Exp().Log(), [1, 2]),
        ["expm1"] = (() => V(0).Expm1(), [0]),
        ["sin cos"] = (() => V(0).Sin() + V(0).Cos(), [1]),
        ["acos atan"] = (() => V(1).Acos() + V(0).Atan(), [0]),
        ["tanh sigmoid"] = (() => V(0).Tanh() + V(0).Sigmoid(), [0.5f]),
        ["abs floor round"] = (() => V(-1.5f).Abs() + V(1.5f).Floor() + V(2.5f).Round(), [4.5f]),
        ["neg"] = (() => -V(1, -2), [-1, 2]),
        ["clamp below"] = (() => V(1, 5).Clamp(2, null), [2, 5]),
        ["clamp above"] = (() => V(1, 5).Clamp(null, 2), [1, 2]),
        ["maximum minimum"] = (() => V(1, 5).Maximum(V(3, 3)) - V(1, 5).Minimum(V(3, 3)), [2, 2]),
        ["where"] = (() => V(1, 5).GreaterThan(2).Where(V(10, 10), V(20, 20)), [20, 10]),
        ["lerp"] = (() => V(0, 10).Lerp(V(10, 20), 0.25), [2.5f, 12.5f]),
        ["gt ge"] = (() => F(V(1, 2, 3).GreaterThan(2)) + F(V(1, 2, 3).GreaterOrEqual(2)), [0, 1, 2]),
        ["lt le"] = (() => F(V(1, 2, 3).LessThan(2)) + F(V(1, 2, 3).LessOrEqual(2)), [2, 1, 0]),
        ["gt lt eq tensor"] = (
            () => F(V(1, 2, 3).GreaterThan(V(2, 2, 2))) - F(V(1, 2, 3).LessThan(V(2, 2, 2))) + F(V(1).EqualTo(V(1))),
            [0, 1, 2]
        ),
        ["eq ne"] = (() => F(V(1, 2).EqualTo(1)) - F(V(1, 2).NotEqualTo(1)), [1, -1]),
        ["isfinite"] = (() => F(V(float.NaN, 1).IsFinite()), [0, 1]),
        ["nan_to_num"] = (() => V(float.NaN, 1).NanToNum(7), [7, 1]),
        ["bitwise"] = (() => F(I(6).BitwiseAnd(I(3)) + I(6).BitwiseOr(I(3)) + I(6).BitwiseXor(I(3))), [14]),
        ["in place"] = (() => V(1, 2).AddInPlace(V(1, 1), 2).MultiplyInPlace(V(2, 2)).MultiplyInPlace(3), [18, 24]),
        ["fill assign"] = (() => V(1, 2).FillInPlace(3).Assign(V(9, 9)), [9, 9]),
        ["permute"] = (() => M().Permute(1, 0), [0, 3, 1, 4, 2, 5]),
        ["transpose"] = (() => M().Transpose(0, 1), [0, 3, 1, 4, 2, 5]),
        ["unsqueeze expand squeeze"] = (() => V(1, 2).Unsqueeze(0).Expand(2, -1).Slice(0, 1).Squeeze(0), [1, 2]),
        ["repeat"] = (() => V(1, 2).Repeat(2), [1, 2, 1, 2]),
        ["select"] = (() => M().Select(0, 1), [3, 4, 5]),
        ["concat stack"] = (() => Tensor.Concat([Tensor.Stack([V(1), V(2)], 0), V(3).Unsqueeze(0)], 0), [1, 2, 3]),
        ["split"] = (() => V(1, 2, 3).Split(2, 0)[1], [3]),
        ["flip"] = (() => V(1, 2, 3).Flip(0), [3, 2, 1]),
        ["rot90"] = (() => M().Rot90(1, [0, 1]), [2, 5, 1, 4, 0, 3]),
        ["index_select"] = (() => M().IndexSelect(1, Tensor.From([2L, 0], 2)), [2, 0, 5, 3]),
        ["gather"] = (() => M().Gather(1, Tensor.From([2L, 0], 2, 1)), [2, 3]),
        ["pad"] = (() => V(1).Pad([1, 1], 7), [7, 1, 7]),
        ["pad circular"] = (() => V(1, 2, 3).Reshape(1, 1, 3).Pad([1, 1], "circular"), [3, 1, 2, 3, 1]),
        ["pad reflect"] = (() => V(1, 2, 3).Reshape(1, 1, 3).Pad([1, 1], "reflect"), [2, 1, 2, 3, 2]),
        ["unfold"] = (() => V(1, 2, 3).Unfold(0, 2, 1), [1, 2, 2, 3]),
        ["sum"] = (() => M().Sum([1]), [3, 12]),
        ["mean"] = (() => M().Mean([0], keepDimensions: true) + M().Mean(), [4, 5, 6]),
        ["std"] = (() => V(1, 3).Std() + V(1, 3).Std([0]), [2 * MathF.Sqrt(2)]),
        ["norm"] = (() => V(3, 4).Norm([0]), [5]),
        ["max min"] = (() => M().Max([1]) - M().Min([1]) + M().Max() - M().Min(), [7, 7]),
        ["sort"] = (() => V(2, 3, 1).Sort(descending: true).Values + F(V(2, 3, 1).Sort().Indices), [5, 2, 2]),
        ["quantile"] = (() => V(0, 1, 2).Quantile(0.25) + M().Quantile(0.5, 1), [1.5f, 4.5f]),
        ["view dtype"] = (() => F(V(1).ViewAs(DType.Int32)), [0x3f800000]),
        ["ones zeros full like"] = (() => Tensor.OnesLike(V(5)) + Tensor.ZerosLike(V(5)) + Tensor.Full([1], 2), [3]),
        ["linspace"] = (() => Tensor.Linspace(0, 1, 3), [0, 0.5f, 1]),
        ["linear"] = (() => Functional.Linear(V(1, 2), V(3, 4).Reshape(1, 2), V(5)), [16]),
        ["conv2d"] = (() => Functional.Conv2d(Tensor.Ones([1, 1, 2, 2]), Tensor.Ones([1, 1, 2, 2]), V(1), 1, 0), [5]),
        ["unfold kernel"] = (() => Functional.Unfold(V(1, 2, 3, 4).Reshape(1, 1, 2, 2), 2), [1, 2, 3, 4]),
        ["group_norm"] = (() => Functional.GroupNorm(V(1, 3).Reshape(1, 2), 1, null, null, 0), [-1, 1]),
        ["layer_norm"] = (() => Functional.LayerNorm(V(1, 3), V(1, 1), V(1, 1), 0), [0, 2]),
        ["rms_norm"] = (() => Functional.RmsNorm(V(3, 3), V(1, 2), 0), [1, 2]),
        ["silu relu gelu"] = (() => Functional.Silu(V(0)) + Functional.Relu(V(-1)) + Functional.Gelu(V(0), true), [0]),
        ["softmax"] = (() => Functional.Softmax(V(1, 1)), [0.5f, 0.5f]),
        ["bmm"] = (() => Functional.Bmm(Tensor.Ones([1, 1, 3]), Tensor.Ones([1, 3, 1])), [3]),
        ["baddbmm"] = (
            () => Functional.Baddbmm(Tensor.Ones([1, 1, 1]), Tensor.Ones([1, 1, 3]), Tensor.Ones([1, 3, 1]), 2, 0.5),
            [3.5f]
        ),
        ["embedding"] = (() => Functional.Embedding(M(), Tensor.From([1L], 1)), [3, 4, 5]),
        ["interpolate nearest"] = (() => Resize(InterpolationMode.Nearest), [1, 1, 2]),
        ["interpolate nearest-exact"] = (() => Resize(InterpolationMode.NearestExact), [1, 2, 2]),
        ["interpolate bilinear"] = (() => Resize(InterpolationMode.Bilinear), [1, 1.5f, 2]),
        ["interpolate bicubic"] = (() => Resize(InterpolationMode.Bicubic).Slice(3, 1, 2), [1.5f]),
        ["interpolate area"] = (() => Resize(InterpolationMode.Area), [1, 1.5f, 2]),
        ["max_pool2d"] = (() => Functional.MaxPool2d(M().Reshape(1, 2, 3), 2, 1, 0), [4, 5]),
    };

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Wrapper_KnownInput_GivesKnownOutput(string name)
    {
        using var scope = new TensorScope();
        var (compute, expected) = Cases[name];

        var actual = compute().ToArray<float>();

        Assert.Equal(expected.Length, actual.Length);
        for (var index = 0; index < expected.Length; index++)
        {
            Assert.Equal(expected[index], actual[index], 1e-5f);
        }
    }

    [Fact]
    public void Reductions_ToBooleans_ReadTheWholeTensor()
    {
        using var scope = new TensorScope();

        Assert.True(V(0, 1).Any());
        Assert.False(V(0, 1).All());
        Assert.True(V(1, 2).IsEqualTo(V(1, 2)));
        Assert.False(V(1, 2).IsEqualTo(V(1, 3)));
        Assert.Equal(7, I(7).ItemInt64());
    }

    [Fact]
    public void Views_WrittenInPlace_ChangeTheirBase()
    {
        using var scope = new TensorScope();
        var matrix = M();

        matrix.Select(0, 0).FillInPlace(9);
        matrix.Transpose(0, 1).Slice(0, 2).MultiplyInPlace(10);

        Assert.Equal([9f, 9, 90, 3, 4, 50], matrix.ToArray<float>());
        Assert.False(matrix.Transpose(0, 1).IsContiguous());
        Assert.True(matrix.Transpose(0, 1).Contiguous().IsContiguous());
    }

    [Fact]
    public void AsSpan_OfContiguousTensor_IsItsMemory()
    {
        using var scope = new TensorScope();
        var matrix = M();

        matrix.AsSpan<float>()[4] = 40;

        Assert.Equal(40, matrix.Select(0, 1).Select(0, 1).Item());
        Assert.Throws<InvalidOperationException>(() => matrix.AsSpan<int>());
    }

    private static Tensor V(params float[] values) => Tensor.From(values, values.Length);

    private static Tensor I(params long[] values) => Tensor.From(values, values.Length);

    private static Tensor F(Tensor values) => values.To(DType.Float32);

    private static Tensor M() => Tensor.Arange(0, 6).Reshape(2, 3);

    private static Tensor Resize(InterpolationMode mode) =>
        Functional.Interpolate(V(1, 2).Reshape(1, 1, 1, 2), 1, 3, mode);
}
