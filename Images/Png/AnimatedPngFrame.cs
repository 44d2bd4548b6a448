using System.Buffers.Binary;

namespace NodeHost.Images.Png;

/// <summary>A frame of an animated PNG: where it lies, how it is laid on and what happens to it afterwards.</summary>
internal sealed record AnimatedPngFrame(uint X, uint Y, uint Width, uint Height, byte Dispose, byte Blend)
{
    public const byte DisposeToBackground = 1;
    public const byte DisposeToPrevious = 2;
    private const byte BlendOver = 1;

    public List<ReadOnlyMemory<byte>> Data { get; } = [];

    public static AnimatedPngFrame FromControl(ReadOnlySpan<byte> data) =>
        new(
            Width: BinaryPrimitives.ReadUInt32BigEndian(data[4..]),
            Height: BinaryPrimitives.ReadUInt32BigEndian(data[8..]),
            X: BinaryPrimitives.ReadUInt32BigEndian(data[12..]),
            Y: BinaryPrimitives.ReadUInt32BigEndian(data[16..]),
            Dispose: data[24],
            Blend: data[25]
        );

    public bool FitsInto(PixelBuffer canvas) =>
        Width > 0 && Height > 0 && (ulong)X + Width <= (ulong)canvas.Width && (ulong)Y + Height <= (ulong)canvas.Height;

    /// <summary>The frame as a PNG of its own, with the header and palette of the whole file.</summary>
    public byte[] ToFile(IReadOnlyList<PngChunk> global)
    {
        using var stream = new MemoryStream();
        stream.Write(PngChunk.Signature);
        foreach (var chunk in global)
        {
            var data = chunk.Data.ToArray();
            if (chunk.Type == "IHDR")
            {
                BinaryPrimitives.WriteUInt32BigEndian(data, Width);
                BinaryPrimitives.WriteUInt32BigEndian(data.AsSpan(4), Height);
            }

            new PngChunk(chunk.Type, data).WriteTo(stream);
        }

        foreach (var part in Data)
        {
            new PngChunk("IDAT", part).WriteTo(stream);
        }

        new PngChunk("IEND", default).WriteTo(stream);
        return stream.ToArray();
    }

    public void Paint(PixelBuffer picture, PixelBuffer canvas)
    {
        for (var y = 0; y < picture.Height; y++)
        {
            var source = picture.Row(y);
            var target = Region(canvas, y);
            if (Blend != BlendOver)
            {
                source.CopyTo(target);
                continue;
            }

            for (var i = 0; i < source.Length; i += 4)
            {
                Over(source.Slice(i, 4), target.Slice(i, 4));
            }
        }
    }

    public void Clear(PixelBuffer canvas)
    {
        for (var y = 0; y < (int)Height; y++)
        {
            Region(canvas, y).Clear();
        }
    }

    private Span<byte> Region(PixelBuffer canvas, int y) => canvas.Row((int)Y + y).Slice((int)X * 4, (int)Width * 4);

    private static void Over(ReadOnlySpan<byte> source, Span<byte> target)
    {
        var sourceAlpha = source[3] * 255;
        var targetAlpha = target[3] * (255 - source[3]);
        var alpha = sourceAlpha + targetAlpha;
        if (alpha == 0)
        {
            return;
        }

        for (var channel = 0; channel < 3; channel++)
        {
            var sum = ((long)source[channel] * sourceAlpha) + ((long)target[channel] * targetAlpha);
            target[channel] = (byte)((sum + (alpha / 2)) / alpha);
        }

        target[3] = (byte)((alpha + 127) / 255);
    }
}
