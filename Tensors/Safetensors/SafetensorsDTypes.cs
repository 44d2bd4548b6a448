namespace NodeHost.Tensors.Safetensors;

/// <summary>Element types by the names that safetensors headers use.</summary>
internal static class SafetensorsDTypes
{
    /// <summary>Every name that can be read, for messages.</summary>
    public const string Names = "F64, F32, F16, BF16, F8_E4M3, F8_E5M2, I64, I32, I16, I8, U8 or BOOL";

    public static DType? Parse(string name) =>
        name switch
        {
            "F64" => DType.Float64,
            "F32" => DType.Float32,
            "F16" => DType.Float16,
            "BF16" => DType.BFloat16,
            "F8_E4M3" => DType.Float8E4M3,
            "F8_E5M2" => DType.Float8E5M2,
            "I64" => DType.Int64,
            "I32" => DType.Int32,
            "I16" => DType.Int16,
            "I8" => DType.Int8,
            "U8" => DType.UInt8,
            "BOOL" => DType.Bool,
            _ => null,
        };

    public static string NameOf(DType dtype) =>
        dtype switch
        {
            DType.Float64 => "F64",
            DType.Float32 => "F32",
            DType.Float16 => "F16",
            DType.BFloat16 => "BF16",
            DType.Float8E4M3 => "F8_E4M3",
            DType.Float8E5M2 => "F8_E5M2",
            DType.Int64 => "I64",
            DType.Int32 => "I32",
            DType.Int16 => "I16",
            DType.Int8 => "I8",
            DType.UInt8 => "U8",
            DType.Bool => "BOOL",
            _ => throw new ArgumentOutOfRangeException(nameof(dtype), dtype, "no safetensors name"),
        };
}
