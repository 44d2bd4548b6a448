using NodeHost.Diffusion.Attention;
using NodeHost.Tensors;

namespace NodeHost.Tests.Diffusion.Attention;

[AssertNoLeakedTensors]
public sealed class DotProductAttentionTests
{
    [Theory]
    [InlineData(1, 2, 5, 7, false)] // one piece
    [InlineData(2, 8, 1100, 1100, false)] // some heads at once
    [InlineData(1, 1, 2500, 2300, true)] // rows of one head
    public void Run_AnySize_EqualsPlainFormula(int batch, int heads, int rows, int keys, bool masked)
    {
        using var scope = new TensorScope();
        var generator = new Generator(3);
        const int Width = 8;
        var q = Tensor.Randn([batch, rows, heads * Width], generator);
        var k = Tensor.Randn([batch, keys, heads * Width], generator);
        var v = Tensor.Randn([batch, keys, heads * Width], generator);
        var mask = masked ? Tensor.Randn([rows, keys], generator) : null;

        var actual = DotProductAttention.Run(q, k, v, heads, mask);

        var scores = Functional.Matmul(Split(q), Split(k).Transpose(2, 3)) / Math.Sqrt(Width);
        var attended = Functional.Matmul(Functional.Softmax(mask is null ? scores : scores + mask), Split(v));
        var expected = attended.Transpose(1, 2).Reshape(batch, rows, heads * Width);
        Assert.True((actual - expected).Abs().Max().Item() < 1e-5);

        Tensor Split(Tensor x) => x.Reshape(batch, x.Length(1), heads, Width).Transpose(1, 2);
    }
}
