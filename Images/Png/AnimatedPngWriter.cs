using System.Buffers.Binary;

namespace NodeHost.Images.Png;

/// <summary>Joins PNG files of one size into an animated PNG that repeats for ever.</summary>
/// <remarks>https://www.w3.org/TR/png-3/#apng-frame-based-animation</remarks>
internal static class AnimatedPngWriter
{
    public static byte[] Write(
        IReadOnlyList<ReadOnlyMemory<byte>> frames,
        int frameMilliseconds,
        IReadOnlyList<PngText> texts
    )
    {
        using var result = new MemoryStream();
        result.Write(PngChunk.Signature);
        var sequence = 0;
        for (var i = 0; i < frames.Count; i++)
        {
            var chunks = PngChunk.ReadAll(frames[i]).ToList();
            var header = chunks.First(chunk => chunk.Type == "IHDR");
            if (i == 0)
            {
                header.WriteTo(result);
                AnimationControl(frames.Count).WriteTo(result);
            }

            FrameControl(sequence++, header.Data.Span[..8], frameMilliseconds).WriteTo(result);
            foreach (var chunk in chunks.Where(chunk => chunk.Type == "IDAT"))
            {
                (i == 0 ? chunk : FrameData(sequence++, chunk.Data)).WriteTo(result);
            }

            if (i == 0)
            {
                // ComfyUI's own chunk, behind the first picture: the frontend looks for it there.
                foreach (var text in texts)
                {
                    new PngChunk("comf", PngTextChunks.Encode(text)).WriteTo(result);
                }
            }
        }

        new PngChunk("IEND", default).WriteTo(result);
        return result.ToArray();
    }

    private static PngChunk AnimationControl(int frameCount)
    {
        var data = new byte[8];
        BinaryPrimitives.WriteInt32BigEndian(data, frameCount);
        return new PngChunk("acTL", data);
    }

    private static PngChunk FrameControl(int sequence, ReadOnlySpan<byte> size, int milliseconds)
    {
        var data = new byte[26];
        BinaryPrimitives.WriteInt32BigEndian(data, sequence);
        size.CopyTo(data.AsSpan(4));
        BinaryPrimitives.WriteUInt16BigEndian(data.AsSpan(20), (ushort)Math.Min(milliseconds, ushort.MaxValue));
        BinaryPrimitives.WriteUInt16BigEndian(data.AsSpan(22), 1000);
        return new PngChunk("fcTL", data);
    }

    private static PngChunk FrameData(int sequence, ReadOnlyMemory<byte> pixels)
    {
        var data = new byte[4 + pixels.Length];
        BinaryPrimitives.WriteInt32BigEndian(data, sequence);
        pixels.CopyTo(data.AsMemory(4));
        return new PngChunk("fdAT", data);
    }
}
