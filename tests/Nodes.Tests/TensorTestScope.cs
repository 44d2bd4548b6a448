using NodeHost.Tensors;

namespace NodeHost.Tests.Nodes;

/// <summary>A tensor scope as the executor opens one around a node; fails if anything outlives it.</summary>
internal sealed class TensorTestScope : IDisposable
{
    private readonly long _before = Tensor.LiveCount;
    private readonly TensorScope _scope = new();

    public void Dispose()
    {
        _scope.Dispose();
        Assert.Equal(_before, Tensor.LiveCount);
    }
}
