using NodeHost.Tensors;

namespace NodeHost.Tests.Tensors;

[AssertNoLeakedTensors]
public sealed class HostCacheTests
{
    private const long Megabyte = 1 << 20;

    [Fact]
    public void Dispose_OfLargeTensor_KeepsItsMemoryForTheNext()
    {
        TorchRuntime.EmptyHostCache();
        Tensor.Empty([3 * Megabyte]).Dispose(); // 12 MB

        Assert.Equal(12 * Megabyte, TorchRuntime.HostCacheBytes);
        using (Tensor.Empty([3 * Megabyte - 1000]))
        {
            Assert.Equal(0, TorchRuntime.HostCacheBytes);
        }

        TorchRuntime.EmptyHostCache();
        Assert.Equal(0, TorchRuntime.HostCacheBytes);
    }

    [Fact]
    public void Dispose_OfSmallTensor_GoesBackToMalloc()
    {
        TorchRuntime.EmptyHostCache();
        Tensor.Empty([1000]).Dispose();

        Assert.Equal(0, TorchRuntime.HostCacheBytes);
    }

    [Fact]
    public void Dispose_FromManyThreads_CountsEveryBlock()
    {
        TorchRuntime.EmptyHostCache();

        Parallel.For(
            0,
            8,
            _ =>
            {
                using var scope = new TensorScope();
                for (var round = 0; round < 20; round++)
                {
                    using var step = new TensorScope();
                    var value = Tensor.Full([Megabyte], round);
                    Assert.Equal(round * 2, (value + value).Max().Item());
                }
            }
        );

        Assert.Equal(0, TorchRuntime.HostCacheBytes % (4 * Megabyte));
        TorchRuntime.EmptyHostCache();
    }
}
