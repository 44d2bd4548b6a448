namespace NodeHost.Tensors;

/// <summary>Element types, with c10's numbers.</summary>
public enum DType
{
    UInt8 = 0,
    Int8 = 1,
    Int16 = 2,
    Int32 = 3,
    Int64 = 4,
    Float16 = 5,
    Float32 = 6,
    Float64 = 7,
    Bool = 11,
    BFloat16 = 15,

    /// <summary>Storage only; libtorch before 2.1 lacks it, <see cref="Float8"/> then reads its bytes.</summary>
    Float8E5M2 = 23,

    /// <summary>Storage only; libtorch before 2.1 lacks it, <see cref="Float8"/> then reads its bytes.</summary>
    Float8E4M3 = 24,
}
