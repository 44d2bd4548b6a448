using NodeHost.Tensors;

namespace NodeHost.Tests.Tensors;

[AssertNoLeakedTensors]
public sealed class AutogradTests
{
    [Fact]
    public void Backward_OfSumOfSquares_IsTwiceTheInput()
    {
        using var scope = new TensorScope();
        var x = Tensor.From([1f, -2, 3], 3);
        x.RequiresGrad = true;

        x.Pow(2).Sum().Backward();

        Assert.Equal([2f, -4, 6], x.Grad!.ToArray<float>());
        x.ClearGrad();
        Assert.Null(x.Grad);
    }

    [Fact]
    public void NoGrad_WhileActive_RecordsNothing()
    {
        using var scope = new TensorScope();
        var x = Tensor.Ones([2]);
        x.RequiresGrad = true;

        using (Autograd.NoGrad())
        {
            Assert.False((x * 2).RequiresGrad);
        }

        Assert.True((x * 2).RequiresGrad);
    }

    [Fact]
    public void Gradients_OfProduct_AreTheOtherFactors()
    {
        using var scope = new TensorScope();
        var x = Tensor.From([3f], 1);
        var y = Tensor.From([5f], 1);
        var unused = Tensor.From([7f], 1);
        x.RequiresGrad = y.RequiresGrad = unused.RequiresGrad = true;

        var gradients = Autograd.Gradients((x * y).Sum(), [x, y, unused]);

        Assert.Equal(5, gradients[0]!.Item());
        Assert.Equal(3, gradients[1]!.Item());
        Assert.Null(gradients[2]);
    }
}
