using NodeHost.Tensors;

namespace NodeHost.Tests.Tensors;

[AssertNoLeakedTensors]
public sealed class Float8Tests
{
    [Theory]
    [InlineData(0x00, 0f)]
    [InlineData(0x38, 1f)]
    [InlineData(0xB8, -1f)]
    [InlineData(0x7E, 448f)]
    [InlineData(0x08, 0.015625f)]
    [InlineData(0x01, 0.001953125f)]
    [InlineData(0x7F, float.NaN)]
    public void Decode_E4M3_GivesThePublishedValues(byte code, float expected) =>
        Assert.Equal(expected, Float8.Decode(code, DType.Float8E4M3));

    [Fact]
    public void Decode_E5M2_IsTheUpperByteOfHalf()
    {
        for (var code = 0; code < 256; code++)
        {
            var half = BitConverter.UInt16BitsToHalf((ushort)(code << 8));
            Assert.Equal((float)half, Float8.Decode((byte)code, DType.Float8E5M2));
        }
    }

    [Fact]
    public void Decode_Tensor_KeepsTheShape()
    {
        using var scope = new TensorScope();
        var bytes = Tensor.From<byte>([0x38, 0xB8, 0x7E, 0x00], 2, 2);

        var decoded = Float8.Decode(bytes, DType.Float8E4M3, DType.Float16);

        Assert.Equal(DType.Float16, decoded.DType);
        Assert.Equal([2L, 2], decoded.Shape.ToArray());
        Assert.Equal([1f, -1, 448, 0], decoded.ToArray<float>());
    }
}
