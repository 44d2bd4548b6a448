using NodeHost.Tensors.Native;

namespace NodeHost.Tensors;

/// <summary>Where a tensor lives: <c>cpu</c>, <c>cuda:0</c>, or <c>meta</c> (shapes without data).</summary>
public readonly record struct Device
{
    private const int CpuType = 0;
    private const int CudaType = 1;
    private const int MetaType = 14;

    private readonly int _type;
    private readonly int _index;

    private Device(int type, int index)
    {
        _type = type;
        _index = index;
    }

    public static Device Cpu => new(CpuType, -1);

    /// <summary>Shapes and types without memory: a network of full size is built in milliseconds.</summary>
    public static Device Meta => new(MetaType, -1);

    public bool IsCpu => _type == CpuType;

    public bool IsCuda => _type == CudaType;

    public bool IsMeta => _type == MetaType;

    /// <summary>Number of the device among its kind; 0 where there is one.</summary>
    public int Index => Math.Max(_index, 0);

    internal long Packed => ((long)_type << 8) | (long)(_index + 1);

    public static Device Cuda(int index = 0) => new(CudaType, index);

    /// <summary>Reads <c>cpu</c>, <c>cuda</c>, <c>cuda:1</c>, <c>meta</c>, or another device that libtorch has a name for.</summary>
    /// <exception cref="ArgumentException">The text names no device.</exception>
    public static Device Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text switch
        {
            "cpu" => Cpu,
            "meta" => Meta,
            "cuda" => Cuda(),
            _ when text.StartsWith("cuda:", StringComparison.Ordinal) => sbyte.TryParse(text.AsSpan(5), out var index)
            && index >= 0
                ? Cuda(index)
                : throw Unknown(text),
            _ => ParseOther(text),
        };
    }

    private static Device ParseOther(string text)
    {
        try
        {
            return FromPacked(NativeTensor.ParseDevice(text));
        }
        catch (TensorException error)
        {
            throw Unknown(text, error);
        }
    }

    private static ArgumentException Unknown(string text, Exception? cause = null) =>
        new($"Device: expected cpu, cuda or cuda:N, got '{text}'.", cause);

    public override string ToString() =>
        _type switch
        {
            CpuType => "cpu",
            CudaType => $"cuda:{Index}",
            MetaType => "meta",
            _ => NativeTensor.GetDeviceName(Packed),
        };

    internal static Device FromPacked(long packed) => new((int)(packed >> 8), (int)(packed & 0xff) - 1);
}
