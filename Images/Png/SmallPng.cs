using System.Buffers.Binary;
using System.IO.Compression;

namespace NodeHost.Images.Png;

/// <summary>Writes small pictures in a fraction of the time that libvips needs to set its threads up.</summary>
/// <remarks>https://www.w3.org/TR/png-3/#9Filter-types</remarks>
internal static class SmallPng
{
    /// <summary>Up to this many pixels the set-up costs more than the picture.</summary>
    public const int MostPixels = 128 * 128;

    private const int FilterCount = 5;

    public static byte[] Write(PixelBuffer picture, int compression)
    {
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, picture.Width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), picture.Height);
        header[8] = 8;
        header[9] = picture.Channels switch
        {
            1 => 0,
            2 => 4,
            3 => 2,
            _ => 6,
        };
        using var file = new MemoryStream();
        file.Write(PngChunk.Signature);
        new PngChunk("IHDR", header).WriteTo(file);
        new PngChunk("IDAT", Compress(picture, compression)).WriteTo(file);
        new PngChunk("IEND", default).WriteTo(file);
        return file.ToArray();
    }

    private static ReadOnlyMemory<byte> Compress(PixelBuffer picture, int compression)
    {
        var stride = picture.Width * picture.Channels;
        using var result = new MemoryStream();
        using (var zlib = new ZLibStream(result, new ZLibCompressionOptions { CompressionLevel = compression }, true))
        {
            var above = new byte[stride];
            var candidates = new byte[FilterCount * (1 + stride)];
            for (var y = 0; y < picture.Height; y++)
            {
                var row = picture.Data.AsSpan(y * stride, stride);
                zlib.Write(Filter(row, above, picture.Channels, candidates));
                row.CopyTo(above);
            }
        }
        return result.ToArray();
    }

    /// <summary>The row under the filter that leaves the least, which is the usual guess at what compresses best.</summary>
    private static ReadOnlySpan<byte> Filter(
        ReadOnlySpan<byte> row,
        ReadOnlySpan<byte> above,
        int channels,
        Span<byte> candidates
    )
    {
        var length = 1 + row.Length;
        Span<long> left = stackalloc long[FilterCount];
        for (var filter = 0; filter < FilterCount; filter++)
        {
            candidates[filter * length] = (byte)filter;
        }
        for (var x = 0; x < row.Length; x++)
        {
            var a = x < channels ? 0 : (int)row[x - channels];
            int b = above[x];
            var c = x < channels ? 0 : (int)above[x - channels];
            ReadOnlySpan<int> predictions = [0, a, b, (a + b) / 2, Paeth(a, b, c)];
            for (var filter = 0; filter < FilterCount; filter++)
            {
                var value = (byte)(row[x] - predictions[filter]);
                candidates[(filter * length) + 1 + x] = value;
                left[filter] += Math.Abs((int)(sbyte)value);
            }
        }
        var best = 0;
        for (var filter = 1; filter < FilterCount; filter++)
        {
            best = left[filter] < left[best] ? filter : best;
        }
        return candidates.Slice(best * length, length);
    }

    private static int Paeth(int a, int b, int c)
    {
        var (toA, toB, toC) = (Math.Abs(b - c), Math.Abs(a - c), Math.Abs(a + b - (2 * c)));
        return toA <= toB && toA <= toC ? a
            : toB <= toC ? b
            : c;
    }
}
