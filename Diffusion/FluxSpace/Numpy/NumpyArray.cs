using System.Runtime.InteropServices;
using System.Text;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.FluxSpace.Numpy;

/// <summary>An array as numpy stores it: element type, shape, and bytes in row-major order.</summary>
/// <param name="Description">Element type in numpy's words, little-endian: <c>&lt;f4</c>, <c>&lt;U8</c>.</param>
/// <param name="Shape">Lengths of the dimensions.</param>
/// <param name="Data">The elements.</param>
public sealed record NumpyArray(string Description, IReadOnlyList<long> Shape, byte[] Data)
{
    private const int BytesPerCharacter = 4;

    /// <summary>Bytes of one element.</summary>
    public int ItemSize => SizeOf(Description) ?? throw Unreadable("elements of a known type");

    public long Count => Shape.Aggregate(1L, (product, length) => checked(product * length));

    public static NumpyArray Of(float[] values, params IReadOnlyList<long> shape) => Make("<f4", values, shape);

    public static NumpyArray Of(Half[] values, params IReadOnlyList<long> shape) => Make("<f2", values, shape);

    public static NumpyArray Of(double[] values) => Make("<f8", values, [values.Length]);

    public static NumpyArray Of(long[] values) => Make("<i8", values, [values.Length]);

    /// <summary>Texts of one width, in UTF-32.</summary>
    public static NumpyArray Of(IReadOnlyList<string> texts)
    {
        ArgumentNullException.ThrowIfNull(texts);
        var encoded = texts.Select(Encoding.UTF32.GetBytes).ToArray();
        var width = Math.Max(BytesPerCharacter, encoded.Select(bytes => bytes.Length).DefaultIfEmpty(0).Max());
        var data = new byte[width * texts.Count];
        foreach (var (index, bytes) in encoded.Index())
        {
            bytes.CopyTo(data, index * width);
        }
        return new($"<U{width / BytesPerCharacter}", [texts.Count], data);
    }

    /// <summary>Bytes of one element of a type; null for one that is not read (objects, records, other byte orders).</summary>
    internal static int? SizeOf(string description) =>
        description switch
        {
            "<f2" or "<i2" or "<u2" => 2,
            "<f4" or "<i4" or "<u4" => 4,
            "<f8" or "<i8" or "<u8" => 8,
            "|i1" or "|u1" or "|b1" => 1,
            ['<', 'U', .. var width] when int.TryParse(width, out var characters) && characters is > 0 and <= 1 << 16 =>
                characters * BytesPerCharacter,
            _ => null,
        };

    public NumpyArray ToHalf() => Of(Array.ConvertAll(ToFloats(), value => (Half)value), Shape);

    /// <summary>Floating-point elements in single precision.</summary>
    public float[] ToFloats() =>
        Description switch
        {
            "<f2" => Array.ConvertAll(Read<Half>(), value => (float)value),
            "<f4" => Read<float>(),
            "<f8" => Array.ConvertAll(Read<double>(), value => (float)value),
            _ => throw Unreadable("floating-point numbers"),
        };

    /// <summary>Floating-point elements in double precision.</summary>
    public double[] ToDoubles() =>
        Description == "<f8" ? Read<double>() : Array.ConvertAll(ToFloats(), value => (double)value);

    public long[] ToIntegers() =>
        Description switch
        {
            "<i8" => Read<long>(),
            "<i4" => Array.ConvertAll(Read<int>(), value => (long)value),
            "<i2" => Array.ConvertAll(Read<short>(), value => (long)value),
            "|i1" or "|u1" => Array.ConvertAll(Data, value => (long)value),
            _ => throw Unreadable("whole numbers"),
        };

    public string[] ToTexts()
    {
        if (Description is not ['<', 'U', ..])
        {
            throw Unreadable("texts");
        }
        return [.. Data.Chunk(ItemSize).Select(bytes => Encoding.UTF32.GetString(bytes).TrimEnd('\0'))];
    }

    /// <summary>The elements as a tensor, in half or single precision.</summary>
    public Tensor ToTensor() =>
        Description == "<f2" ? Tensor.From(Read<Half>(), [.. Shape]) : Tensor.From(ToFloats(), [.. Shape]);

    public override string ToString() => $"[{string.Join(", ", Shape)}] {Description}";

    private static NumpyArray Make<T>(string description, T[] values, IReadOnlyList<long> shape)
        where T : unmanaged
    {
        // Every platform that .NET runs on here is little-endian.
        System.Diagnostics.Debug.Assert(BitConverter.IsLittleEndian);
        return new(description, shape, MemoryMarshal.AsBytes(values.AsSpan()).ToArray());
    }

    private T[] Read<T>()
        where T : unmanaged => MemoryMarshal.Cast<byte, T>(Data).ToArray();

    private NumpyException Unreadable(string expected) => new($"expected {expected}, got {this}.");
}
