using NodeHost.Tensors;

namespace NodeHost.Tests.Tensors;

[AssertNoLeakedTensors]
public sealed class TensorScopeTests
{
    [Fact]
    public void Dispose_OfTensorTwice_FreesOnce()
    {
        var before = Tensor.LiveCount;
        using (new TensorScope())
        {
            var tensor = Tensor.Ones([2]);
            tensor.Dispose();
            tensor.Dispose();
            Assert.Equal(before, Tensor.LiveCount);
        }

        Assert.Equal(before, Tensor.LiveCount);
    }

    [Fact]
    public void Dispose_OfTensorsOnManyThreadsAtOnce_FreesEachOnce()
    {
        var before = Tensor.LiveCount;
        using (new TensorScope())
        {
            var tensors = Enumerable.Range(0, 1000).Select(_ => Tensor.Ones([2])).ToArray();
            Parallel.For(0, 4, _ => Array.ForEach(tensors, tensor => tensor.Dispose()));
            Assert.Equal(before, Tensor.LiveCount);
        }

        Assert.Equal(before, Tensor.LiveCount);
    }

    [Fact]
    public void Dispose_OfScopeOnAnotherThread_IsRefusedAndLeavesTheScopeToItsThread()
    {
        var scope = new TensorScope();
        var tensor = Tensor.Ones([2]);

        var error = OnAnotherThread(() => Record.Exception(scope.Dispose));

        Assert.IsType<InvalidOperationException>(error);
        Assert.False(tensor.IsDisposed);
        scope.Dispose();
        Assert.True(tensor.IsDisposed);
    }

    [Fact]
    public void Dispose_OfOuterScopeBeforeInner_IsRefusedAndBothStillEnd()
    {
        var outer = new TensorScope();
        var inner = new TensorScope();

        Assert.Throws<InvalidOperationException>(outer.Dispose);
        inner.Dispose();
        inner.Dispose();
        outer.Dispose();
    }

    [Fact]
    public void Retain_OnAnotherThread_OutlivesTheScopeOfTheFirst()
    {
        Tensor tensor;
        using (new TensorScope())
        {
            tensor = Tensor.Ones([2]);
            OnAnotherThread(() => tensor.Retain());
        }

        Assert.False(tensor.IsDisposed);
        tensor.Release();
        Assert.True(tensor.IsDisposed);
    }

    [Fact]
    public void Scope_OnOneThread_DoesNotOwnTensorsOfAnother()
    {
        Tensor tensor;
        using (new TensorScope())
        {
            tensor = OnAnotherThread(() => Tensor.Ones([2]));
        }

        Assert.False(tensor.IsDisposed);
        tensor.Dispose();
    }

    private static T OnAnotherThread<T>(Func<T> action)
    {
        var result = default(T);
        var thread = new Thread(() => result = action());
        thread.Start();
        thread.Join();
        return result!;
    }
}
