using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace NodeHost.Diffusion.FluxSpace.Numpy;

/// <summary>One array as an <c>.npy</c> stream.</summary>
/// <remarks>https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html</remarks>
internal static partial class NpyFormat
{
    private const int HeaderAlignment = 64;
    private const int LongestHeader = 1 << 16;
    private const int Version1Prefix = 10;

    private static readonly byte[] Magic = [0x93, .. "NUMPY"u8];

    public static void Write(Stream stream, NumpyArray array)
    {
        var shape = string.Concat(
            array.Shape.Select(length => string.Create(CultureInfo.InvariantCulture, $"{length}, "))
        );
        shape = array.Shape.Count == 1 ? shape.TrimEnd() : shape.TrimEnd(' ', ',');
        var header = $"{{'descr': '{array.Description}', 'fortran_order': False, 'shape': ({shape}), }}";
        var padded = (Version1Prefix + header.Length + 1 + HeaderAlignment - 1) / HeaderAlignment * HeaderAlignment;
        var text = Encoding.Latin1.GetBytes(header.PadRight(padded - Version1Prefix - 1) + "\n");
        stream.Write([.. Magic, 1, 0, (byte)text.Length, (byte)(text.Length >> 8)]);
        stream.Write(text);
        stream.Write(array.Data);
    }

    /// <param name="stream">From the first byte on.</param>
    /// <param name="length">Bytes there are; more are never read.</param>
    /// <exception cref="NumpyException">It is no array, or one of a kind that is not read.</exception>
    public static NumpyArray Read(Stream stream, long length)
    {
        var (header, start) = ReadHeader(stream, length);
        var match = HeaderPattern().Match(header);
        if (!match.Success)
        {
            throw new NumpyException($"the header {Shortened(header)} is not one of a plain array.");
        }
        var description = match.Groups["descr"].Value;
        if (NumpyArray.SizeOf(description) is not { } itemSize)
        {
            throw new NumpyException(
                $"elements of type '{description}' are not read: expected little-endian floats, integers or texts. "
                    + "Objects (pickles) can run code and are refused."
            );
        }
        var shape = ReadShape(match.Groups["shape"].Value);
        var bytes = ByteCount(shape, itemSize, length - start);
        var data = new byte[bytes];
        try
        {
            stream.ReadExactly(data);
        }
        catch (Exception error) when (error is EndOfStreamException or InvalidDataException)
        {
            throw new NumpyException($"the data ends early: expected {bytes} bytes.", error);
        }
        var array = new NumpyArray(description, shape, data);
        return match.Groups["fortran"].Value == "True" && shape.Length > 1 ? FromColumnMajor(array, itemSize) : array;
    }

    private static (string Header, long Start) ReadHeader(Stream stream, long length)
    {
        var prefix = ReadBytes(stream, 8);
        if (!prefix.AsSpan(0, 6).SequenceEqual(Magic) || prefix[6] is not (1 or 2 or 3))
        {
            throw new NumpyException("expected the first bytes of an .npy array of version 1, 2 or 3, found others.");
        }
        var isShort = prefix[6] == 1;
        var count = isShort
            ? BinaryPrimitives.ReadUInt16LittleEndian(ReadBytes(stream, 2))
            : BinaryPrimitives.ReadUInt32LittleEndian(ReadBytes(stream, 4));
        var start = prefix.Length + (isShort ? 2 : 4) + count;
        return count > LongestHeader || start > length
            ? throw new NumpyException($"the header claims {count} bytes, of {length} in all.")
            : (Encoding.UTF8.GetString(ReadBytes(stream, (int)count)), start);
    }

    private static byte[] ReadBytes(Stream stream, int count)
    {
        var bytes = new byte[count];
        try
        {
            stream.ReadExactly(bytes);
        }
        catch (Exception error) when (error is EndOfStreamException or InvalidDataException)
        {
            throw new NumpyException("the array's header ends early.", error);
        }
        return bytes;
    }

    private static long[] ReadShape(string text)
    {
        var parts = text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var shape = new long[parts.Length];
        for (var index = 0; index < parts.Length; index++)
        {
            if (!long.TryParse(parts[index], NumberStyles.None, CultureInfo.InvariantCulture, out shape[index]))
            {
                throw new NumpyException($"({Shortened(text)}) is no shape.");
            }
        }
        return shape;
    }

    private static int ByteCount(long[] shape, int itemSize, long available)
    {
        try
        {
            var bytes = shape.Aggregate((long)itemSize, (product, length) => checked(product * length));
            if (bytes == available && bytes <= Array.MaxLength)
            {
                return (int)bytes;
            }
        }
        catch (OverflowException)
        {
            // Told below like any other size that is not the data's.
        }
        throw new NumpyException(
            $"the shape ({string.Join(", ", shape)}) does not fit the {available} bytes of data that are there."
        );
    }

    private static NumpyArray FromColumnMajor(NumpyArray array, int itemSize)
    {
        var (shape, data) = (array.Shape, new byte[array.Data.Length]);
        var count = data.Length / itemSize;
        var position = new long[shape.Count];
        for (var source = 0; source < count; source++)
        {
            var target = 0L;
            for (var dimension = 0; dimension < shape.Count; dimension++)
            {
                target = target * shape[dimension] + position[dimension];
            }
            array.Data.AsSpan(source * itemSize, itemSize).CopyTo(data.AsSpan((int)target * itemSize));
            for (var dimension = 0; dimension < shape.Count && ++position[dimension] == shape[dimension]; dimension++)
            {
                position[dimension] = 0;
            }
        }
        return array with { Data = data };
    }

    private static string Shortened(string text) => text.Length <= 80 ? text : text[..80] + "...";

    [GeneratedRegex(
        @"^\s*\{\s*'descr':\s*'(?<descr>[^']{1,16})',\s*'fortran_order':\s*(?<fortran>True|False),\s*'shape':\s*\((?<shape>[0-9, ]*)\),?\s*\}\s*$"
    )]
    private static partial Regex HeaderPattern();
}
