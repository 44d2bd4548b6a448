using System.Runtime.InteropServices;

namespace NodeHost.Tensors.Native;

/// <summary>Kinds of value that cross to the dispatcher; kept in step with <c>Tag</c> in torch_shim.cpp.</summary>
internal enum ValueTag
{
    /// <summary>No argument was passed; never crosses.</summary>
    Missing = 0,
    Tensor = 1,
    Int = 2,
    Double = 3,
    Bool = 4,
    IntList = 5,
    DoubleList = 6,
    BoolList = 7,
    TensorList = 8,
    OptionalTensorList = 9,
    Device = 10,
    String = 11,
    Generator = 12,
    None = 13,
}

/// <summary>One tagged argument or result: 16 blittable bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NativeValue
{
    public ValueTag Tag;
    public int Count;
    public long Bits;
}
