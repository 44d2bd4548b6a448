using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace NodeHost.Tensors.Native;

/// <summary>
/// The arguments of one call, laid out on the stack: values, and behind them the numbers that lists point to.
/// </summary>
/// <remarks>A ref struct never moves, so the addresses taken here stay valid for the call without pinning.</remarks>
internal unsafe ref struct ArgumentBuffer
{
    private const int MaxArguments = 16;
    private const int MaxListItems = 128;

    private Values _values;
    private Numbers _numbers;
    private int _count;
    private int _numberCount;

    /// <summary>An empty buffer. Its kilobyte of room is not zeroed: that cost a twentieth of a small call.</summary>
    [SkipLocalsInit]
    public static void Open(out ArgumentBuffer buffer)
    {
        Unsafe.SkipInit(out buffer);
        buffer._count = 0;
        buffer._numberCount = 0;
    }

    [UnscopedRef]
    public readonly ReadOnlySpan<NativeValue> Arguments => ((ReadOnlySpan<NativeValue>)_values)[.._count];

    /// <summary>Appends an argument; one that was not passed is left to the schema's default.</summary>
    public void Add(scoped in Argument argument)
    {
        if (argument.Tag == ValueTag.Missing)
        {
            return;
        }
        if (_count == MaxArguments)
        {
            throw new ArgumentException($"An operator call holds at most {MaxArguments} arguments.");
        }
        ref var slot = ref _values[_count++];
        slot.Tag = argument.Tag;
        slot.Count = 0;
        switch (argument.Tag)
        {
            case ValueTag.IntList:
            case ValueTag.DoubleList:
                Store(ref slot, argument.Integers);
                break;
            case ValueTag.TensorList:
            case ValueTag.OptionalTensorList:
                StoreTensors(ref slot, argument.Tensors);
                break;
            case ValueTag.String:
                StoreText(ref slot, argument.Text!);
                break;
            default:
                slot.Bits = argument.Bits;
                break;
        }
    }

    private void Store(ref NativeValue slot, ReadOnlySpan<long> items)
    {
        var target = Reserve(items.Length);
        items.CopyTo(target);
        slot.Count = items.Length;
        slot.Bits = (nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(target));
    }

    private void StoreTensors(ref NativeValue slot, ReadOnlySpan<Tensor?> tensors)
    {
        var target = Reserve(tensors.Length);
        for (var index = 0; index < tensors.Length; index++)
        {
            target[index] = tensors[index]?.Handle ?? 0;
        }
        slot.Count = tensors.Length;
        slot.Bits = (nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(target));
    }

    private void StoreText(ref NativeValue slot, string text)
    {
        var length = System.Text.Encoding.UTF8.GetByteCount(text);
        var target = Reserve((length + 7) / 8);
        System.Text.Encoding.UTF8.GetBytes(text, MemoryMarshal.AsBytes(target));
        slot.Count = length;
        slot.Bits = (nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(target));
    }

    [UnscopedRef]
    private Span<long> Reserve(int count)
    {
        if (_numberCount + count > MaxListItems)
        {
            throw new ArgumentException(
                $"An operator call holds at most {MaxListItems} list items, got {_numberCount + count}."
            );
        }
        var span = ((Span<long>)_numbers).Slice(_numberCount, count);
        _numberCount += count;
        return span;
    }

    [InlineArray(MaxArguments)]
    private struct Values
    {
        private NativeValue _first;
    }

    [InlineArray(MaxListItems)]
    private struct Numbers
    {
        private long _first;
    }
}
