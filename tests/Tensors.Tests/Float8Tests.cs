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

    [Theory]
    [InlineData(DType.Float8E4M3)]
    [InlineData(DType.Float8E5M2)]
    public void Round_AnyNumber_GivesTheNearest(DType format)
    {
        using var scope = new TensorScope();
        using var generator = new Generator(0);
        var values = Enumerable
            .Range(0, 127)
            .Select(code => Float8.Decode((byte)code, format))
            .Where(float.IsFinite)
            .ToArray();
        // From the smallest subnormals up: exponents are spread evenly.
        var scale = (Tensor.Rand([4000], generator) * 26 - 18).ToArray<float>().Select(x => MathF.Pow(2, x));
        var sign = Tensor.Randn([4000], generator).ToArray<float>();
        var numbers = scale.Zip(sign, (a, b) => a * b).Where(x => MathF.Abs(x) <= values[^1]).ToArray();

        var rounded = Float8.Round(Tensor.From(numbers, numbers.Length), format).ToArray<float>();

        Assert.All(
            numbers.Zip(rounded),
            pair =>
            {
                var nearest = values.MinBy(value => Math.Abs((double)value - Math.Abs(pair.First)));
                Assert.Equal(MathF.CopySign(nearest, pair.First), pair.Second);
            }
        );
    }

    [Theory]
    [InlineData(1.0625f, 1f)]
    [InlineData(1.1875f, 1.25f)]
    [InlineData(0.0009765625f, 0f)]
    [InlineData(0.0029296875f, 0.00390625f)]
    [InlineData(1.9999f, 2f)]
    public void Round_Halves_GoToEven(float number, float expected)
    {
        using var scope = new TensorScope();

        Assert.Equal([expected], Float8.Round(Tensor.From([number], 1), DType.Float8E4M3).ToArray<float>());
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
