namespace NodeHost.Tensors;

/// <summary>Facts about element types.</summary>
public static class DTypes
{
    /// <summary>Bytes of one element.</summary>
    public static int Size(this DType dtype) =>
        dtype switch
        {
            DType.UInt8 or DType.Int8 or DType.Bool or DType.Float8E5M2 or DType.Float8E4M3 => 1,
            DType.Int16 or DType.Float16 or DType.BFloat16 => 2,
            DType.Int32 or DType.Float32 => 4,
            DType.Int64 or DType.Float64 => 8,
            _ => throw new ArgumentOutOfRangeException(nameof(dtype), dtype, "unknown element type"),
        };

    public static bool IsFloatingPoint(this DType dtype) =>
        dtype
            is DType.Float16
                or DType.Float32
                or DType.Float64
                or DType.BFloat16
                or DType.Float8E5M2
                or DType.Float8E4M3;

    public static bool IsFloat8(this DType dtype) => dtype is DType.Float8E5M2 or DType.Float8E4M3;

    /// <summary>The short name that errors use, e.g. <c>bf16</c>.</summary>
    public static string ShortName(this DType dtype) =>
        dtype switch
        {
            DType.UInt8 => "u8",
            DType.Int8 => "i8",
            DType.Int16 => "i16",
            DType.Int32 => "i32",
            DType.Int64 => "i64",
            DType.Float16 => "f16",
            DType.Float32 => "f32",
            DType.Float64 => "f64",
            DType.Bool => "bool",
            DType.BFloat16 => "bf16",
            DType.Float8E5M2 => "f8_e5m2",
            DType.Float8E4M3 => "f8_e4m3fn",
            _ => dtype.ToString(),
        };

    internal static DType Of<T>()
        where T : unmanaged
    {
        if (typeof(T) == typeof(float))
        {
            return DType.Float32;
        }
        if (typeof(T) == typeof(double))
        {
            return DType.Float64;
        }
        if (typeof(T) == typeof(long))
        {
            return DType.Int64;
        }
        if (typeof(T) == typeof(int))
        {
            return DType.Int32;
        }
        if (typeof(T) == typeof(byte))
        {
            return DType.UInt8;
        }
        if (typeof(T) == typeof(sbyte))
        {
            return DType.Int8;
        }
        if (typeof(T) == typeof(short))
        {
            return DType.Int16;
        }
        if (typeof(T) == typeof(bool))
        {
            return DType.Bool;
        }
        if (typeof(T) == typeof(Half))
        {
            return DType.Float16;
        }
        throw new ArgumentException(
            $"No element type stands for {typeof(T).Name}; use float, double, long, int, short, sbyte, byte, bool or Half."
        );
    }
}
