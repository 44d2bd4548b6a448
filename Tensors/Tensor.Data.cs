using NodeHost.Tensors.Native;

namespace NodeHost.Tensors;

/// <summary>Moving values between tensors, types, devices and managed memory.</summary>
public sealed partial class Tensor
{
    private static readonly Operator ToDTypeOperator = new("aten::to", "dtype");
    private static readonly Operator ToDeviceOperator = new("aten::to", "device");
    private static readonly Operator ContiguousOperator = new("aten::contiguous");
    private static readonly Operator CloneOperator = new("aten::clone");
    private static readonly Operator CopyOperator = new("aten::copy_");
    private static readonly Operator ItemOperator = new("aten::_local_scalar_dense");
    private static readonly Operator ViewDTypeOperator = new("aten::view", "dtype");

    /// <summary>The values as another element type; the same tensor (a new handle) when it has it already.</summary>
    public Tensor To(DType dtype) => dtype == DType ? Alias() : ToDTypeOperator.Call(this, dtype);

    /// <summary>The values on another device; the same tensor (a new handle) when it is there already.</summary>
    public Tensor To(Device device) => device == Device ? Alias() : ToDeviceOperator.Call(this, device, DType);

    public Tensor To(Device device, DType dtype) =>
        device == Device ? To(dtype) : ToDeviceOperator.Call(this, device, dtype);

    /// <summary>A second handle to the same tensor, owned by the current scope.</summary>
    public Tensor Alias() => Own(TorchLibrary.AliasTensor(Handle));

    /// <summary>The same bytes read as another element type.</summary>
    public Tensor ViewAs(DType dtype) => ViewDTypeOperator.Call(this, dtype);

    /// <summary>The values in row-major order; the same memory when they are already.</summary>
    public Tensor Contiguous() => ContiguousOperator.Call(this);

    public Tensor Clone() => CloneOperator.Call(this);

    /// <summary>Overwrites the elements with another tensor's, converting and broadcasting.</summary>
    public Tensor Assign(Tensor source)
    {
        CopyOperator.Run(this, source);
        return this;
    }

    /// <summary>The only element.</summary>
    /// <exception cref="TensorException">There is none, or there are several.</exception>
    public double Item() => OnlyElement().ToDouble();

    /// <summary>The only element, of an integer tensor.</summary>
    /// <exception cref="TensorException">There is none, or there are several.</exception>
    public long ItemInt64() => OnlyElement().ToInt64();

    // The operator reads the first element whether there is one or not.
    private Scalar OnlyElement() =>
        ElementCount == 1
            ? ItemOperator.CallForScalar(this)
            : throw new TensorException("item", $"expected a tensor of one element, got {ElementCount}", ToString());

    /// <summary>Whether the elements lie in row-major order without gaps. (Old libtorch has no operator that tells.)</summary>
    public bool IsContiguous()
    {
        var sizes = Shape;
        var strides = Strides;
        var expected = 1L;
        for (var i = sizes.Length - 1; i >= 0; i--)
        {
            if (sizes[i] == 0)
            {
                return true;
            }
            if (sizes[i] != 1 && strides[i] != expected)
            {
                return false;
            }
            expected *= sizes[i];
        }
        return true;
    }

    /// <summary>Copies the elements in row-major order to managed memory, converting to <typeparamref name="T"/>.</summary>
    public void CopyTo<T>(Span<T> destination)
        where T : unmanaged
    {
        if (destination.Length < ElementCount)
        {
            throw new ArgumentException($"CopyTo: {this} does not fit {destination.Length} elements.");
        }
        using var onHost = To(Device.Cpu, DTypes.Of<T>());
        using var contiguous = onHost.Contiguous();
        NativeTensor.GetSpan<T>(contiguous.Handle, ElementCount).CopyTo(destination);
    }

    /// <summary>The elements in row-major order as a managed array.</summary>
    public T[] ToArray<T>()
        where T : unmanaged
    {
        var array = new T[ElementCount];
        CopyTo<T>(array);
        return array;
    }

    /// <summary>The memory of a contiguous CPU tensor of exactly this element type; valid while the tensor lives.</summary>
    public Span<T> AsSpan<T>()
        where T : unmanaged
    {
        if (!Device.IsCpu || DType != DTypes.Of<T>() || !IsContiguous())
        {
            throw new InvalidOperationException(
                $"AsSpan: expected a contiguous {DTypes.Of<T>().ShortName()} tensor on the CPU, got {this}. Use CopyTo, or Contiguous() and To()."
            );
        }
        return NativeTensor.GetSpan<T>(Handle, ElementCount);
    }

    /// <summary>Part of the memory of a contiguous CPU tensor, of any size and element type.</summary>
    internal ReadOnlySpan<byte> GetBytes(long offset, int length) => NativeTensor.GetBytes(Handle, offset, length);

    /// <summary>Address of the first element, for libraries that read tensors in place.</summary>
    public nint DataPointer => NativeTensor.GetPointer(Handle);
}
