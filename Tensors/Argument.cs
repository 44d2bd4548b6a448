using System.Runtime.InteropServices;
using NodeHost.Tensors.Native;

namespace NodeHost.Tensors;

/// <summary>One argument of an operator call; values of every kind the dispatcher takes convert to it.</summary>
public readonly ref struct Argument
{
    internal readonly ValueTag Tag;
    internal readonly long Bits;
    internal readonly ReadOnlySpan<long> Integers;
    internal readonly ReadOnlySpan<Tensor?> Tensors;
    internal readonly string? Text;

    private Argument(ValueTag tag, long bits)
    {
        Tag = tag;
        Bits = bits;
    }

    private Argument(ValueTag tag, ReadOnlySpan<long> integers)
    {
        Tag = tag;
        Integers = integers;
    }

    private Argument(ValueTag tag, ReadOnlySpan<Tensor?> tensors)
    {
        Tag = tag;
        Tensors = tensors;
    }

    private Argument(string text)
    {
        Tag = ValueTag.String;
        Text = text;
    }

    /// <summary>Python's <c>None</c>: an optional argument left out.</summary>
    public static Argument None => new(ValueTag.None, 0);

    /// <summary>A list whose tensors may be absent, as <c>index</c> takes it.</summary>
    public static Argument OptionalTensors(ReadOnlySpan<Tensor?> tensors) => new(ValueTag.OptionalTensorList, tensors);

    public static implicit operator Argument(Tensor? tensor) =>
        tensor is null ? None : new(ValueTag.Tensor, tensor.Handle);

    public static implicit operator Argument(long value) => new(ValueTag.Int, value);

    public static implicit operator Argument(double value) =>
        new(ValueTag.Double, BitConverter.DoubleToInt64Bits(value));

    public static implicit operator Argument(bool value) => new(ValueTag.Bool, value ? 1 : 0);

    public static implicit operator Argument(Scalar value) =>
        value.IsInteger
            ? (Argument)value.ToInt64()
            : new(ValueTag.Double, BitConverter.DoubleToInt64Bits(value.ToDouble()));

    public static implicit operator Argument(DType value) => new(ValueTag.Int, (long)value);

    public static implicit operator Argument(DType? value) => value is { } given ? given : None;

    public static implicit operator Argument(Device value) => new(ValueTag.Device, value.Packed);

    public static implicit operator Argument(Device? value) => value is { } given ? given : None;

    public static implicit operator Argument(Generator? value) =>
        value is null ? None : new(ValueTag.Generator, value.Handle);

    public static implicit operator Argument(ReadOnlySpan<long> value) => new(ValueTag.IntList, value);

    public static implicit operator Argument(long[] value) => new(ValueTag.IntList, value);

    public static implicit operator Argument(ReadOnlySpan<double> value) =>
        new(ValueTag.DoubleList, MemoryMarshal.Cast<double, long>(value));

    public static implicit operator Argument(ReadOnlySpan<Tensor> value) =>
        new(ValueTag.TensorList, (ReadOnlySpan<Tensor?>)value!);

    public static implicit operator Argument(Tensor[] value) => new(ValueTag.TensorList, value);

    public static implicit operator Argument(string value) => new(value);
}
