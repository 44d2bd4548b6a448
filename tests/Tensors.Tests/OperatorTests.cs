using System.Reflection;
using NodeHost.Tensors;

namespace NodeHost.Tests.Tensors;

[AssertNoLeakedTensors]
public sealed class OperatorTests
{
    // Newer than libtorch 1.13: each has a fallback, or is only called where Exists says so.
    private static readonly string[] Optional = ["aten::rms_norm", "aten::scaled_dot_product_attention"];

    [Fact]
    public void StaticOperators_InThisLibtorch_Exist()
    {
        var fields = typeof(Operator)
            .Assembly.GetTypes()
            .SelectMany(type => type.GetFields(BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public))
            .Where(field => field.FieldType == typeof(Operator))
            .Select(field => (Operator)field.GetValue(null)!)
            .ToList();

        Assert.True(fields.Count > 100, $"found only {fields.Count} operators");
        Assert.Empty(fields.Where(op => !op.Exists).Select(op => op.Name).Except(Optional));
    }

    [Fact]
    public void Call_FailingWithinScope_LeaksNothingAndTheNextCallSucceeds()
    {
        using var scope = new TensorScope();
        var a = Tensor.Ones([2, 3]);

        for (var call = 0; call < 100; call++)
        {
            Assert.Throws<TensorException>(() => Functional.Matmul(a, a));
        }

        Assert.Equal(12, (a + a).Sum().Item());
    }

    [Fact]
    public void Call_ListLongerThanTheBuffer_IsRefusedWithTheLimit()
    {
        using var scope = new TensorScope();
        var tensors = Enumerable.Range(0, 200).Select(_ => Tensor.Ones([1])).ToArray();
        var op = new Operator("aten::cat");

        Assert.Contains("128", Assert.Throws<ArgumentException>(() => op.Call(tensors, 0)).Message);
    }

    [Fact]
    public void Call_MissingArgument_IsNamed()
    {
        using var scope = new TensorScope();
        var op = new Operator("aten::matmul");

        Assert.Contains("'other' is missing", Assert.Throws<TensorException>(() => op.Call(Tensor.Ones([1]))).Message);
    }

    [Fact]
    public void Call_FromManyThreads_CountsEveryTensor()
    {
        var before = Tensor.LiveCount;
        var op = new Operator("aten::add", "Tensor");

        Parallel.For(
            0,
            8,
            _ =>
            {
                using var scope = new TensorScope();
                var sum = Tensor.Zeros([4]);
                for (var step = 0; step < 200; step++)
                {
                    using var inner = new TensorScope();
                    sum = inner.Keep(op.Call(sum, Tensor.Ones([4])));
                }
                Assert.Equal(800, sum.Sum().Item());
            }
        );

        Assert.Equal(before, Tensor.LiveCount);
    }
}
