namespace NodeHost.Tensors;

/// <summary>Float8 for a libtorch that lacks it: bytes decoded through a 256-entry table.</summary>
/// <remarks>Formats: "FP8 Formats for Deep Learning", Micikevicius et al. 2022 (e4m3fn has no infinities).</remarks>
public static class Float8
{
    private static readonly Operator ToDTypeOperator = new("aten::to", "dtype");
    private static readonly Operator ShiftOperator = new("aten::bitwise_right_shift", "Tensor_Scalar");
    private static readonly Operator MaskOperator = new("aten::bitwise_and", "Scalar");

    /// <summary>Decodes bytes [..] (uint8) that hold float8 numbers. Every value is exact in float16 and wider.</summary>
    public static Tensor Decode(Tensor bytes, DType format, DType target)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        using var scope = new TensorScope();
        var table = new float[256];
        for (var code = 0; code < table.Length; code++)
        {
            table[code] = Decode((byte)code, format);
        }
        var values = Tensor.From(table, 256).To(bytes.Device, target);
        var indices = ToDTypeOperator.Call(bytes, DType.Int32).Reshape(-1);
        return scope.Keep(values.IndexSelect(0, indices).Reshape(bytes.Shape));
    }

    /// <summary>float32 numbers rounded to the nearest that float8 has, halves to even; what is too large stays large.</summary>
    public static Tensor Round(Tensor x, DType format)
    {
        ArgumentNullException.ThrowIfNull(x);
        var (mantissaBits, smallestExponent) = format switch
        {
            DType.Float8E4M3 => (3, -6),
            DType.Float8E5M2 => (2, -14),
            _ => throw new ArgumentException($"Float8: expected f8_e4m3fn or f8_e5m2, got {format.ShortName()}."),
        };
        using var scope = new TensorScope();
        // Rounding a mantissa is adding just under half of the last kept bit, and that bit itself: the carry is right too.
        var dropped = 23 - mantissaBits;
        var bits = x.Contiguous().ViewAs(DType.Int32);
        var last = ShiftOperator.Call(bits, dropped);
        var odd = MaskOperator.Call(last, 1);
        var rounded = MaskOperator.Call(bits + odd + ((1 << (dropped - 1)) - 1), ~((1 << dropped) - 1));
        var unit = Math.Pow(2, smallestExponent - mantissaBits);
        var isSmall = x.Abs().LessThan(Math.Pow(2, smallestExponent));
        return scope.Keep(isSmall.Where((x / unit).Round() * unit, rounded.ViewAs(DType.Float32)));
    }

    /// <summary>The number that one byte stands for.</summary>
    public static float Decode(byte code, DType format)
    {
        var (exponentBits, mantissaBits, bias) = format switch
        {
            DType.Float8E4M3 => (4, 3, 7),
            DType.Float8E5M2 => (5, 2, 15),
            _ => throw new ArgumentException($"Float8: expected f8_e4m3fn or f8_e5m2, got {format.ShortName()}."),
        };
        var sign = (code & 0x80) != 0 ? -1f : 1f;
        var exponent = (code >> mantissaBits) & ((1 << exponentBits) - 1);
        var mantissa = code & ((1 << mantissaBits) - 1);
        var top = (1 << exponentBits) - 1;
        if (format == DType.Float8E4M3 && exponent == top && mantissa == 7)
        {
            return float.NaN;
        }
        if (format == DType.Float8E5M2 && exponent == top)
        {
            return mantissa == 0 ? sign * float.PositiveInfinity : float.NaN;
        }
        var fraction = (float)mantissa / (1 << mantissaBits);
        return exponent == 0
            ? sign * fraction * MathF.Pow(2, 1 - bias)
            : sign * (1 + fraction) * MathF.Pow(2, exponent - bias);
    }
}
