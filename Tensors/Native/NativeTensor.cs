using System.Runtime.InteropServices;
using System.Text;

namespace NodeHost.Tensors.Native;

/// <summary>The unsafe side of tensors and operator calls: pointers stop here.</summary>
internal static unsafe class NativeTensor
{
    private const int MaxResults = 8;

    /// <summary>Calls an operator; tensor results become <see cref="Tensor"/>s owned by the ambient scope.</summary>
    /// <returns>The number of results written.</returns>
    public static int Call(Operator op, ReadOnlySpan<NativeValue> arguments, Span<Result> results)
    {
        var native = stackalloc NativeValue[MaxResults];
        int count;
        TorchErrorKind kind;
        fixed (NativeValue* data = arguments)
        {
            var capacity = Math.Min(results.Length, MaxResults);
            kind = TorchLibrary.CallOperator(op.Handle, data, arguments.Length, native, capacity, &count);
        }
        if (kind != TorchErrorKind.Ok)
        {
            var problem = TorchLibrary.LastError();
            throw TensorException.FromNative(kind == TorchErrorKind.OutOfMemory, op.Name, problem, Describe(arguments));
        }
        for (var index = 0; index < count; index++)
        {
            results[index] = ToResult(op, native[index]);
        }
        return count;
    }

    /// <summary>The single-tensor case of <see cref="Call"/>, which is nearly every call.</summary>
    public static nint CallForHandle(Operator op, ReadOnlySpan<NativeValue> arguments)
    {
        NativeValue result;
        int count;
        TorchErrorKind kind;
        fixed (NativeValue* data = arguments)
        {
            kind = TorchLibrary.CallOperator(op.Handle, data, arguments.Length, &result, 1, &count);
        }
        if (kind != TorchErrorKind.Ok)
        {
            var problem = TorchLibrary.LastError();
            throw TensorException.FromNative(kind == TorchErrorKind.OutOfMemory, op.Name, problem, Describe(arguments));
        }
        if (count != 1 || result.Tag != ValueTag.Tensor)
        {
            throw new TensorException(
                op.Name,
                $"expected one tensor as result, got {(count == 0 ? "nothing" : result.Tag)}",
                ""
            );
        }
        return Defined(op, (nint)result.Bits);
    }

    public static TensorLayout GetLayout(nint handle)
    {
        var dimension = TorchLibrary.GetDimension(handle);
        var sizes = new long[dimension];
        var strides = new long[dimension];
        int dtype;
        long device;
        fixed (long* sizesPointer = sizes)
        {
            fixed (long* stridesPointer = strides)
            {
                var kind = TorchLibrary.GetLayout(handle, sizesPointer, stridesPointer, &dtype, &device);
                TorchLibrary.Check(kind, "layout");
            }
        }
        return new TensorLayout(sizes, strides, (DType)dtype, Device.FromPacked(device));
    }

    /// <summary>Elements of a contiguous tensor in host memory, as a span over libtorch's own memory.</summary>
    public static Span<T> GetSpan<T>(nint handle, long count)
        where T : unmanaged
    {
        void* data;
        TorchLibrary.Check(TorchLibrary.GetData(handle, &data), "data_ptr");
        return new Span<T>(data, checked((int)count));
    }

    /// <summary>A part of a contiguous CPU tensor's memory.</summary>
    public static Span<T> GetSpan<T>(nint handle, long offset, int count)
        where T : unmanaged => new((T*)GetPointer(handle) + offset, count);

    public static ReadOnlySpan<byte> GetBytes(nint handle, long offset, int length) =>
        new((byte*)GetPointer(handle) + offset, length);

    public static void CopyBytes(nint source, nint handle, long length) =>
        Buffer.MemoryCopy((void*)source, (void*)GetPointer(handle), length, length);

    public static nint GetPointer(nint handle)
    {
        void* data;
        TorchLibrary.Check(TorchLibrary.GetData(handle, &data), "data_ptr");
        return (nint)data;
    }

    /// <summary>Wraps memory owned by <paramref name="owner"/>, which is disposed when libtorch lets go of it.</summary>
    public static nint FromMemory(nint data, ReadOnlySpan<long> shape, DType dtype, IDisposable owner)
    {
        var context = GCHandle.Alloc(owner);
        nint result;
        TorchErrorKind kind;
        fixed (long* sizes = shape)
        {
            kind = TorchLibrary.FromBlob(
                (void*)data,
                sizes,
                shape.Length,
                (int)dtype,
                &ReleaseOwner,
                GCHandle.ToIntPtr(context),
                &result
            );
        }
        if (kind != TorchErrorKind.Ok)
        {
            context.Free();
            TorchLibrary.Check(kind, "from_blob");
        }
        return result;
    }

    public static void CopyFromHost<T>(nint handle, ReadOnlySpan<T> source)
        where T : unmanaged => source.CopyTo(GetSpan<T>(handle, source.Length));

    public static nint GetGrad(nint handle)
    {
        nint result;
        TorchLibrary.Check(TorchLibrary.GetGrad(handle, &result), "grad");
        return result;
    }

    public static nint[] AutogradGrad(nint output, nint gradient, nint[] inputs, bool retainGraph, bool createGraph)
    {
        var results = new nint[inputs.Length];
        fixed (nint* inputsPointer = inputs)
        {
            fixed (nint* resultsPointer = results)
            {
                var kind = TorchLibrary.AutogradGrad(
                    output,
                    gradient,
                    inputsPointer,
                    inputs.Length,
                    retainGraph ? 1 : 0,
                    createGraph ? 1 : 0,
                    resultsPointer
                );
                TorchLibrary.Check(kind, "autograd.grad");
            }
        }
        return results;
    }

    public static nint NewGenerator(Device device, ulong seed)
    {
        nint result;
        TorchLibrary.Check(TorchLibrary.NewGenerator(device.Packed, seed, &result), "generator");
        return result;
    }

    public static long ParseDevice(string text)
    {
        long packed;
        TorchLibrary.Check(TorchLibrary.ParseDevice(text, &packed), "device");
        return packed;
    }

    public static string GetDeviceName(long packed)
    {
        const int Capacity = 64;
        var name = stackalloc byte[Capacity];
        TorchLibrary.Check(TorchLibrary.GetDeviceName(packed, name, Capacity), "device");
        return Marshal.PtrToStringUTF8((nint)name) ?? "";
    }

    public static (long Allocated, long Reserved) GetDeviceMemory(Device device)
    {
        var figures = stackalloc long[2];
        TorchLibrary.Check(TorchLibrary.GetDeviceMemory(device.Packed, figures), "device memory");
        return (figures[0], figures[1]);
    }

    public static nint GetDeviceStream(Device device)
    {
        void* stream;
        TorchLibrary.Check(TorchLibrary.GetDeviceStream(device.Packed, &stream), "stream");
        return (nint)stream;
    }

    [UnmanagedCallersOnly]
    private static void ReleaseOwner(nint context)
    {
        var handle = GCHandle.FromIntPtr(context);
        (handle.Target as IDisposable)?.Dispose();
        handle.Free();
    }

    private static Result ToResult(Operator op, NativeValue value)
    {
        switch (value.Tag)
        {
            case ValueTag.Tensor:
                return new Result { Tensor = Tensor.Own(Defined(op, (nint)value.Bits)) };
            case ValueTag.TensorList:
            {
                var handles = new ReadOnlySpan<nint>((void*)value.Bits, value.Count);
                var tensors = new Tensor[value.Count];
                for (var index = 0; index < tensors.Length; index++)
                {
                    tensors[index] = Tensor.Own(Defined(op, handles[index]));
                }
                TorchLibrary.Free((void*)value.Bits);
                return new Result { Tensors = tensors };
            }
            case ValueTag.IntList:
            {
                var numbers = new ReadOnlySpan<long>((void*)value.Bits, value.Count).ToArray();
                TorchLibrary.Free((void*)value.Bits);
                return new Result { Integers = numbers };
            }
            case ValueTag.Double:
                return new Result { Number = BitConverter.Int64BitsToDouble(value.Bits) };
            default:
                return new Result { Number = value.Bits };
        }
    }

    private static nint Defined(Operator op, nint handle) =>
        handle != 0 ? handle : throw new TensorException(op.Name, "the result is an undefined tensor", "");

    private static string Describe(ReadOnlySpan<NativeValue> arguments)
    {
        var text = new StringBuilder();
        foreach (var argument in arguments)
        {
            if (argument.Tag == ValueTag.Tensor)
            {
                Append(text, (nint)argument.Bits);
            }
            else if (argument.Tag is ValueTag.TensorList or ValueTag.OptionalTensorList)
            {
                foreach (var handle in new ReadOnlySpan<nint>((void*)argument.Bits, argument.Count))
                {
                    Append(text, handle);
                }
            }
        }
        return text.ToString();
    }

    private static void Append(StringBuilder text, nint handle)
    {
        if (handle != 0)
        {
            text.Append(text.Length == 0 ? "" : ", ").Append(GetLayout(handle));
        }
    }
}
