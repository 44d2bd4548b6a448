using NodeHost.Nodes;
using NodeHost.Nodes.Values;
using NodeHost.Tensors;

namespace NodeHost.Tests.Nodes;

[AssertNoLeakedTensors]
public sealed class TensorLifetimeTests
{
    private readonly TensorLifetime _lifetime = new();

    [Fact]
    public void Release_ByTheLastHolder_FreesEveryTensorOfTheValue()
    {
        Latent latent;
        using (new TensorNodeScope().Enter())
        {
            latent = new Latent(Tensor.Zeros([1, 4, 8, 8])) { NoiseMask = Tensor.Ones([8, 8]) };
            _lifetime.Retain(latent);
        }
        _lifetime.Retain(latent);

        _lifetime.Release(latent);
        Assert.False(latent.Samples.IsDisposed);

        _lifetime.Release(latent);
        Assert.True(latent.Samples.IsDisposed);
        Assert.True(latent.NoiseMask!.IsDisposed);
    }

    [Fact]
    public void Bytes_OfNestedLists_CountsATensorOnce()
    {
        using var scope = new TensorScope();
        var image = new Image(Tensor.Zeros([1, 2, 2, 3]));

        Assert.Equal(
            48,
            _lifetime.Bytes(
                new object[]
                {
                    image,
                    new List<Image> { image },
                    "text",
                    7,
                }
            )
        );
    }

    [Fact]
    public void Enter_WhileActive_RecordsNoGradients()
    {
        using var scope = new TensorNodeScope().Enter();

        Assert.False(Autograd.IsEnabled);
    }
}
