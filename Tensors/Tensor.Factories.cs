using NodeHost.Tensors.Native;

namespace NodeHost.Tensors;

/// <summary>Making tensors.</summary>
public sealed partial class Tensor
{
    private static readonly Operator EmptyOperator = new("aten::empty", "memory_format");
    private static readonly Operator ZerosOperator = new("aten::zeros");
    private static readonly Operator OnesOperator = new("aten::ones");
    private static readonly Operator FullOperator = new("aten::full");
    private static readonly Operator ArangeOperator = new("aten::arange", "start_step");
    private static readonly Operator LinspaceOperator = new("aten::linspace");
    private static readonly Operator RandnOperator = new("aten::randn", "generator");
    private static readonly Operator RandOperator = new("aten::rand", "generator");
    private static readonly Operator ZerosLikeOperator = new("aten::zeros_like");
    private static readonly Operator OnesLikeOperator = new("aten::ones_like");

    /// <summary>Uninitialised memory: write every element before reading.</summary>
    public static Tensor Empty(ReadOnlySpan<long> shape, DType dtype = DType.Float32, Device? device = null) =>
        EmptyOperator.Call(shape, dtype, Argument.None, device);

    public static Tensor Zeros(ReadOnlySpan<long> shape, DType dtype = DType.Float32, Device? device = null) =>
        ZerosOperator.Call(shape, dtype, Argument.None, device);

    public static Tensor Ones(ReadOnlySpan<long> shape, DType dtype = DType.Float32, Device? device = null) =>
        OnesOperator.Call(shape, dtype, Argument.None, device);

    public static Tensor Full(
        ReadOnlySpan<long> shape,
        Scalar value,
        DType dtype = DType.Float32,
        Device? device = null
    ) => FullOperator.Call(shape, value, dtype, Argument.None, device);

    public static Tensor ZerosLike(Tensor other) => ZerosLikeOperator.Call(other);

    public static Tensor OnesLike(Tensor other) => OnesLikeOperator.Call(other);

    /// <summary>Numbers from <paramref name="start"/> up to, not including, <paramref name="end"/>.</summary>
    public static Tensor Arange(
        Scalar start,
        Scalar end,
        Scalar? step = null,
        DType dtype = DType.Float32,
        Device? device = null
    ) => ArangeOperator.Call(start, end, step ?? 1, dtype, Argument.None, device);

    /// <summary><paramref name="count"/> numbers from <paramref name="start"/> to <paramref name="end"/>, both included.</summary>
    public static Tensor Linspace(
        Scalar start,
        Scalar end,
        long count,
        DType dtype = DType.Float32,
        Device? device = null
    ) => LinspaceOperator.Call(start, end, count, dtype, Argument.None, device);

    /// <summary>Standard normal numbers; the same generator state gives PyTorch's bits.</summary>
    public static Tensor Randn(ReadOnlySpan<long> shape, Generator generator, DType dtype = DType.Float32) =>
        RandnOperator.Call(shape, generator, dtype, Argument.None, DeviceOf(generator));

    /// <summary>Uniform numbers in [0, 1).</summary>
    public static Tensor Rand(ReadOnlySpan<long> shape, Generator generator, DType dtype = DType.Float32) =>
        RandOperator.Call(shape, generator, dtype, Argument.None, DeviceOf(generator));

    /// <summary>Copies host data into a new CPU tensor.</summary>
    public static Tensor From<T>(ReadOnlySpan<T> data, params ReadOnlySpan<long> shape)
        where T : unmanaged
    {
        var count = 1L;
        foreach (var size in shape)
        {
            count *= size;
        }
        if (count != data.Length)
        {
            throw new ArgumentException(
                $"Tensor.From: shape [{string.Join(", ", shape.ToArray())}] has {count} elements, the data {data.Length}."
            );
        }
        var tensor = Empty(shape, DTypes.Of<T>());
        NativeTensor.CopyFromHost(tensor.Handle, data);
        return tensor;
    }

    public static Tensor From<T>(T[] data, params ReadOnlySpan<long> shape)
        where T : unmanaged => From((ReadOnlySpan<T>)data, shape);

    /// <summary>A tensor without dimensions.</summary>
    public static Tensor FromScalar(Scalar value, DType dtype = DType.Float32, Device? device = null) =>
        Full([], value, dtype, device);

    /// <summary>A view of memory that <paramref name="owner"/> keeps alive; it is disposed when the last view is gone.</summary>
    internal static Tensor FromMemory(nint data, ReadOnlySpan<long> shape, DType dtype, IDisposable owner) =>
        Own(NativeTensor.FromMemory(data, shape, dtype, owner));

    /// <summary>A copy of raw memory in a new CPU tensor.</summary>
    internal static Tensor FromBytes(nint data, ReadOnlySpan<long> shape, DType dtype)
    {
        var tensor = Empty(shape, dtype);
        NativeTensor.CopyBytes(data, tensor.Handle, tensor.ByteCount);
        return tensor;
    }

    private static Device DeviceOf(Generator generator)
    {
        ArgumentNullException.ThrowIfNull(generator);
        return generator.Device;
    }
}
