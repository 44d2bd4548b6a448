using NodeHost.Tensors;

namespace NodeHost.Tests.Tensors;

[AssertNoLeakedTensors]
public sealed class TensorTests
{
    [Fact]
    public void Add_TwoMatrices_AddsElementwise()
    {
        using var scope = new TensorScope();
        var a = Tensor.From([1f, 2, 3, 4], 2, 2);
        var b = Tensor.From([10f, 20, 30, 40], 2, 2);

        Assert.Equal([11f, 22, 33, 44], (a + b).ToArray<float>());
    }

    [Fact]
    public void Call_ShapesThatDoNotFit_NamesOperatorAndShapes()
    {
        using var scope = new TensorScope();
        var a = Tensor.Zeros([2, 3]);
        var b = Tensor.Zeros([4, 5], DType.Float64);

        var error = Assert.Throws<TensorException>(() => Functional.Matmul(a, b));

        Assert.StartsWith("[aten::matmul] ", error.Message);
        Assert.Contains("[2, 3] f32 cpu, [4, 5] f64 cpu", error.Message);
    }

    [Fact]
    public void Call_OperatorThatDoesNotExist_SaysSo()
    {
        var op = new Operator("aten::no_such_thing");

        Assert.False(op.Exists);
        Assert.Contains("no such operator", Assert.Throws<TensorException>(() => op.Call(1L)).Message);
    }

    [Fact]
    public void Zeros_MoreThanTheMachineHas_IsOutOfMemory()
    {
        Assert.Throws<TensorOutOfMemoryException>(() => Tensor.Zeros([1L << 50]));
    }

    [Fact]
    public void Use_AfterScopeEnd_SaysTheTensorWasFreed()
    {
        Tensor tensor;
        using (new TensorScope())
        {
            tensor = Tensor.Zeros([1]);
        }

        Assert.Throws<ObjectDisposedException>(() => tensor + 1);
    }

    [Fact]
    public void Keep_InNestedScope_MovesToTheOuterOne()
    {
        var outer = new TensorScope();
        Tensor kept;
        using (var inner = new TensorScope())
        {
            kept = inner.Keep(Tensor.Ones([2]));
        }

        Assert.Equal([1f, 1f], kept.ToArray<float>());
        outer.Dispose();
        Assert.True(kept.IsDisposed);
    }

    [Fact]
    public void Retain_ByTwoHolders_FreesAtTheLastRelease()
    {
        Tensor tensor;
        using (new TensorScope())
        {
            tensor = Tensor.Ones([2]).Retain().Retain();
        }

        tensor.Release();
        Assert.False(tensor.IsDisposed);
        tensor.Release();
        Assert.True(tensor.IsDisposed);
    }

    [Fact]
    public void Suspend_InsideScope_LeavesTensorsToTheirCreator()
    {
        Tensor weight;
        using (new TensorScope())
        {
            using (TensorScope.Suspend())
            {
                weight = Tensor.Ones([2]);
            }
        }

        Assert.False(weight.IsDisposed);
        weight.Dispose();
    }

    [Fact]
    public void Randn_Seed42_GivesTorchNumbers()
    {
        using var scope = new TensorScope();
        using var generator = new Generator(42);

        // torch.manual_seed(42); torch.randn(4), as PyTorch's documentation and every tutorial print it.
        var values = Tensor.Randn([4], generator).ToArray<float>();

        Assert.Equal(0.3367f, values[0], 1e-4f);
        Assert.Equal(0.1288f, values[1], 1e-4f);
        Assert.Equal(0.2345f, values[2], 1e-4f);
        Assert.Equal(0.2303f, values[3], 1e-4f);
    }

    [Theory]
    [InlineData(DType.Float32)]
    [InlineData(DType.Float16)]
    [InlineData(DType.BFloat16)]
    [InlineData(DType.Int64)]
    [InlineData(DType.Int32)]
    [InlineData(DType.UInt8)]
    public void To_EveryType_KeepsSmallIntegers(DType dtype)
    {
        using var scope = new TensorScope();

        var there = Tensor.From([0f, 1, 2, 100], 4).To(dtype);

        Assert.Equal(dtype, there.DType);
        Assert.Equal([0f, 1, 2, 100], there.ToArray<float>());
    }

    [Fact]
    public void ToString_Always_ShowsShapeTypeDevice()
    {
        using var scope = new TensorScope();

        Assert.Equal("[1, 4, 8] bf16 cpu", Tensor.Zeros([1, 4, 8], DType.BFloat16).ToString());
        Assert.Equal("[3] f32 meta", Tensor.Zeros([3], device: Device.Meta).ToString());
    }

    [Fact]
    public void Slice_RangeAndStep_PicksElements()
    {
        using var scope = new TensorScope();
        var x = Tensor.Arange(0, 10);

        Assert.Equal([2f, 3], x.Slice(0, 2..4).ToArray<float>());
        Assert.Equal([1f, 4, 7], x.Slice(0, 1, step: 3).ToArray<float>());
        Assert.Equal([8f, 9], x.Slice(0, ^2..).ToArray<float>());
    }

    [Fact]
    public void Chunk_UnevenLength_LastPieceIsSmaller()
    {
        using var scope = new TensorScope();

        var chunks = Tensor.Arange(0, 5).Chunk(2, 0);

        Assert.Equal([3L, 2], chunks.Select(chunk => chunk.Length(0)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void Item_NotOneElement_IsRefused(int count)
    {
        using var scope = new TensorScope();

        var error = Assert.Throws<TensorException>(() => Tensor.Ones([count]).Item());

        Assert.Contains($"expected a tensor of one element, got {count}", error.Message);
        Assert.Throws<TensorException>(() => Tensor.Empty([count], DType.Int64).ItemInt64());
    }

    [Theory]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(129)]
    [InlineData(5000)]
    public void ConcatAndStack_ManyTensors_PutThemInOrder(int count)
    {
        using var scope = new TensorScope();
        float[] numbers = [.. Enumerable.Range(0, count).Select(index => (float)index)];
        var pieces = Tensor.From(numbers, count, 1).Split(1, 0);

        Assert.Equal(count, pieces.Length);
        Assert.Equal(numbers, Tensor.Concat(pieces, 0).ToArray<float>());
        Assert.Equal([1, count], Tensor.Concat(pieces, 1).Shape.ToArray());
        Assert.Equal([1, count, 1], Tensor.Stack(pieces, 1).Shape.ToArray());
        Assert.Equal(numbers, Tensor.Stack(pieces, 0).ToArray<float>());
        Assert.Equal([1, 1, count], Tensor.Stack(pieces, -1).Shape.ToArray());
        Assert.Equal(numbers, Tensor.Stack(pieces, -1).ToArray<float>());
    }
}
