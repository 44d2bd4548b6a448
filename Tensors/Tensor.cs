using NodeHost.Tensors.Native;

namespace NodeHost.Tensors;

/// <summary>
/// A libtorch tensor: one owned native handle, freed by the ambient <see cref="TensorScope"/>, by
/// <see cref="Dispose"/>, or when the last <see cref="Retain"/> is released. There is no finaliser.
/// </summary>
public sealed partial class Tensor : IDisposable
{
    private static long _liveCount;

    private nint _handle;
    private TensorLayout? _layout;
    private int _retainCount;

    private Tensor(nint handle)
    {
        _handle = handle;
        Interlocked.Increment(ref _liveCount);
        TensorScope.Track(this);
    }

    /// <summary>Tensors not yet freed in this process; tests compare it before and after.</summary>
    public static long LiveCount => Interlocked.Read(ref _liveCount);

    /// <summary>Sizes of the dimensions.</summary>
    public ReadOnlySpan<long> Shape => Layout.Sizes;

    /// <summary>Steps between neighbours in each dimension, in elements.</summary>
    public ReadOnlySpan<long> Strides => Layout.Strides;

    public DType DType => Layout.DType;

    public Device Device => Layout.Device;

    /// <summary>Number of dimensions.</summary>
    public int Rank => Layout.Sizes.Length;

    public long ElementCount => Layout.ElementCount;

    /// <summary>Bytes of the elements (not of storage shared with others).</summary>
    public long ByteCount => ElementCount * DType.Size();

    public bool IsDisposed => _handle == 0;

    internal nint Handle =>
        _handle != 0
            ? _handle
            : throw new ObjectDisposedException(
                nameof(Tensor),
                "The tensor was freed, most likely by a TensorScope that ended; Keep or Retain what must outlive it."
            );

    internal TensorScope? Scope { get; set; }

    private TensorLayout Layout => _layout ??= NativeTensor.GetLayout(Handle);

    /// <summary>Size of one dimension; negative numbers count from the last.</summary>
    public long Length(int dimension)
    {
        var sizes = Layout.Sizes;
        var index = dimension < 0 ? dimension + sizes.Length : dimension;
        if (index < 0 || index >= sizes.Length)
        {
            throw new ArgumentOutOfRangeException(nameof(dimension), dimension, $"The tensor is {this}.");
        }
        return sizes[index];
    }

    /// <summary>Takes the tensor out of its scope and counts one more holder.</summary>
    public Tensor Retain()
    {
        _ = Handle;
        Scope = null;
        Interlocked.Increment(ref _retainCount);
        return this;
    }

    /// <summary>Counts one holder less; the last one frees the tensor.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref _retainCount) <= 0)
        {
            Dispose();
        }
    }

    public void Dispose()
    {
        var handle = Interlocked.Exchange(ref _handle, 0);
        if (handle != 0)
        {
            Scope = null;
            TorchLibrary.FreeTensor(handle);
            Interlocked.Decrement(ref _liveCount);
        }
    }

    /// <summary>Shape, element type and device, e.g. <c>[1, 4, 64, 64] f32 cpu</c>.</summary>
    public override string ToString() => IsDisposed ? "freed tensor" : Layout.ToString();

    internal static Tensor Own(nint handle) => new(handle);
}
