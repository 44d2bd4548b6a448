using System.Buffers.Binary;
using System.Numerics;

namespace NodeHost.Images;

/// <summary>Reads uncompressed Windows bitmaps (1, 4, 8, 16, 24 and 32 bits), for which libvips has no decoder it trusts.</summary>
internal static class BitmapDecoder
{
    private const int Uncompressed = 0;
    private const int BitFields = 3;
    private const int AlphaBitFields = 6;

    public static bool Recognises(ReadOnlySpan<byte> file) =>
        file.Length > 26
        && file.StartsWith("BM"u8)
        && BinaryPrimitives.ReadInt32LittleEndian(file[14..]) is 12 or 40 or 52 or 56 or 64 or 108 or 124;

    /// <summary>What the header claims.</summary>
    public static (int Width, long Height) ReadSize(ReadOnlySpan<byte> file, string name)
    {
        var old = Int(file, 14, name) == 12;
        var width = old ? Short(file, 18, name) : Int(file, 18, name);
        var signedHeight = old ? Short(file, 20, name) : Int(file, 22, name);
        var height = Math.Abs((long)signedHeight);
        return width <= 0 || height is 0 or > int.MaxValue
            ? throw Refuse(name, $"a size of {width}x{signedHeight}")
            : (width, height);
    }

    public static DecodedImage Decode(ReadOnlySpan<byte> file, string name, DecodeLimits limits)
    {
        var headerLength = Int(file, 14, name);
        var old = headerLength == 12;
        var (width, height) = ReadSize(file, name);
        var signedHeight = old ? Short(file, 20, name) : Int(file, 22, name);
        var bits = Short(file, old ? 24 : 28, name);
        var compression = old ? Uncompressed : Int(file, 30, name);

        ImageDecoder.CheckSize(width, height, 1, name, limits);
        var masks =
            compression is BitFields or AlphaBitFields
                ? new[]
                {
                    Int(file, 54, name),
                    Int(file, 58, name),
                    Int(file, 62, name),
                    AlphaMask(file, headerLength, compression, name),
                }
            : bits == 16 ? [0x7C00, 0x03E0, 0x001F, 0]
            : [0xFF0000, 0xFF00, 0xFF, 0];
        if (
            compression is not (Uncompressed or BitFields or AlphaBitFields)
            || bits is not (1 or 4 or 8 or 16 or 24 or 32)
        )
        {
            throw Refuse(name, $"compression {compression} with {bits} bits a pixel");
        }

        var rowLength = (((long)width * bits) + 31) / 32 * 4;
        var pixelStart = (uint)Int(file, 10, name);
        if (pixelStart + (rowLength * height) > file.Length)
        {
            throw Refuse(
                name,
                $"{file.Length} bytes where {pixelStart + (rowLength * height)} were announced, so it is cut short"
            );
        }

        var result = new PixelBuffer(width, (int)height, masks[3] == 0 ? 3 : 4);
        var paletteStart = Math.Min(14 + headerLength, file.Length);
        var palette = file[paletteStart..(int)Math.Clamp(pixelStart, paletteStart, file.Length)];
        for (var y = 0; y < result.Height; y++)
        {
            var from = (int)(pixelStart + (rowLength * (signedHeight > 0 ? result.Height - 1 - y : y)));
            ReadRow(file.Slice(from, (int)rowLength), result.Row(y), bits, palette, old ? 3 : 4, masks);
        }

        return new DecodedImage([result], masks[3] == 0 ? AlphaSource.None : AlphaSource.Channel);
    }

    private static void ReadRow(
        ReadOnlySpan<byte> row,
        Span<byte> target,
        int bits,
        ReadOnlySpan<byte> palette,
        int paletteStep,
        int[] masks
    )
    {
        var channels = masks[3] == 0 ? 3 : 4;
        for (var x = 0; x * channels < target.Length; x++)
        {
            var pixel = target.Slice(x * channels, channels);
            if (bits <= 8)
            {
                var shift = 8 - bits - (x * bits % 8);
                var index = (row[x * bits / 8] >> shift) & ((1 << bits) - 1);
                var entry = index * paletteStep;
                for (var channel = 0; channel < 3; channel++)
                {
                    pixel[channel] = entry + 2 < palette.Length ? palette[entry + 2 - channel] : (byte)0;
                }

                continue;
            }

            var bytes = row.Slice(x * bits / 8, bits / 8);
            var value =
                bytes[0] | (bytes[1] << 8) | (bits > 16 ? bytes[2] << 16 : 0) | (bits > 24 ? bytes[3] << 24 : 0);
            for (var channel = 0; channel < channels; channel++)
            {
                pixel[channel] = Extract((uint)value, (uint)masks[channel]);
            }
        }
    }

    private static byte Extract(uint value, uint mask)
    {
        if (mask == 0)
        {
            return 0;
        }

        var shift = BitOperations.TrailingZeroCount(mask);
        var maximum = mask >> shift;
        return (byte)(((ulong)((value & mask) >> shift) * 255) / maximum);
    }

    private static int AlphaMask(ReadOnlySpan<byte> file, int headerLength, int compression, string name) =>
        headerLength >= 56 || compression == AlphaBitFields ? Int(file, 66, name) : 0;

    private static int Int(ReadOnlySpan<byte> file, int position, string name) =>
        position + 4 <= file.Length
            ? BinaryPrimitives.ReadInt32LittleEndian(file[position..])
            : throw Refuse(name, "a header that is cut short");

    private static int Short(ReadOnlySpan<byte> file, int position, string name) =>
        position + 2 <= file.Length
            ? BinaryPrimitives.ReadInt16LittleEndian(file[position..])
            : throw Refuse(name, "a header that is cut short");

    private static ImageException Refuse(string name, string given) =>
        new($"{name}: expected an uncompressed Windows bitmap, given one with {given}. Save the picture as PNG.");
}
