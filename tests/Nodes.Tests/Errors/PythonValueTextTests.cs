using NodeHost.Nodes.Errors;
using NodeHost.Nodes.Values;
using NodeHost.Tensors;

namespace NodeHost.Tests.Nodes.Errors;

[AssertNoLeakedTensors]
public sealed class PythonValueTextTests
{
    [Fact]
    public void Of_Fractions_HasFourDigits() => AssertText("tensor([ 1.0000, -2.5000,  0.1250])", 1, -2.5f, 0.125f);

    [Fact]
    public void Of_WholeNumbers_HasPoints() => AssertText("tensor([1., 0., 3.])", 1, 0, 3);

    [Fact]
    public void Of_WideRange_IsScientific() => AssertText("tensor([1.0000e+00, 1.5000e-05])", 1, 1.5e-5f);

    [Fact]
    public void Of_NoNumbers_KeepsThemApart() =>
        AssertText("tensor([nan, inf, 1.])", float.NaN, float.PositiveInfinity, 1);

    [Fact]
    public void Of_LongVector_ShowsItsEnds()
    {
        using var scope = new TensorScope();
        Assert.Equal("tensor([0., 0., 0.,  ..., 0., 0., 0.])", PythonValueText.Of(Tensor.Zeros([2000])));
    }

    [Fact]
    public void Of_HalfPrecisionLatent_NamesTheType()
    {
        using var scope = new TensorScope();
        var latent = new Latent(Tensor.Zeros([1, 1, 1, 2], DType.Float16)) { BatchIndex = [3] };
        Assert.Equal(
            "{'samples': tensor([[[[0., 0.]]]], dtype=torch.float16), 'batch_index': [3]}",
            PythonValueText.Of(latent)
        );
    }

    [Fact]
    public void Of_LongLines_AreBrokenWhereThePageEnds()
    {
        using var scope = new TensorScope();
        var lines = PythonValueText.Of(Tensor.Full([1, 20], 0.5))!.Split('\n');
        Assert.Equal(3, lines.Length);
        Assert.StartsWith("         0.5000, ", lines[1]);
    }

    [Fact]
    public void TypeOf_FailureOfLibtorch_IsPythonsWithItsOwnSentence()
    {
        using var scope = new TensorScope();
        var error = Assert.Throws<TensorException>(() => Functional.Matmul(Tensor.Zeros([2, 3]), Tensor.Zeros([2, 3])));
        Assert.Equal("RuntimeError", PythonErrors.TypeOf(error));
        Assert.Equal("mat1 and mat2 shapes cannot be multiplied (2x3 and 2x3)", PythonErrors.MessageOf(error));
    }

    private static void AssertText(string expected, params float[] values)
    {
        using var scope = new TensorScope();
        Assert.Equal(expected, PythonValueText.Of(Tensor.From(values, values.Length)));
    }
}
