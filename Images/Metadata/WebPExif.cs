using System.Buffers.Binary;
using System.Text;
using NodeHost.Images.Png;

namespace NodeHost.Images.Metadata;

/// <summary>Attaches an EXIF block with `key:text` entries to a WebP file, as ComfyUI's frontend reads workflows from it.</summary>
internal static class WebPExif
{
    private const ushort PromptTag = 0x0110;
    private const ushort FirstOtherTag = 0x010F;
    private const ushort Ascii = 2;
    private const byte HasExif = 0x08;
    private const byte HasAlpha = 0x10;

    public static byte[] Attach(ReadOnlySpan<byte> file, IReadOnlyList<PngText> texts, PixelBuffer frame)
    {
        using var result = new MemoryStream(file.Length + 1024);
        result.Write(file[..12]);
        if (!file[12..16].SequenceEqual("VP8X"u8))
        {
            result.Write(ExtendedHeader(frame));
        }

        for (var position = 12; position + 8 <= file.Length; )
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(file[(position + 4)..]);
            var end = Math.Min(position + 8 + length + (length & 1), file.Length);
            var chunk = file[position..end];

            // libvips writes an EXIF block of its own (resolution, version), which ours replaces.
            if (!chunk.StartsWith("EXIF"u8))
            {
                result.Write(chunk);
            }

            position = end;
        }

        WriteChunk(result, BuildExif(texts));
        var bytes = result.ToArray();
        bytes[20] |= HasExif;
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), bytes.Length - 8);
        return bytes;
    }

    private static byte[] ExtendedHeader(PixelBuffer frame)
    {
        var header = new byte[18];
        "VP8X"u8.CopyTo(header);
        header[4] = 10;
        header[8] = frame.Channels == 4 ? HasAlpha : (byte)0;
        WriteSize(header.AsSpan(12), frame.Width - 1);
        WriteSize(header.AsSpan(15), frame.Height - 1);
        return header;
    }

    private static void WriteSize(Span<byte> target, int value)
    {
        target[0] = (byte)value;
        target[1] = (byte)(value >> 8);
        target[2] = (byte)(value >> 16);
    }

    private static void WriteChunk(MemoryStream target, byte[] data)
    {
        Span<byte> header = stackalloc byte[8];
        "EXIF"u8.CopyTo(header);
        BinaryPrimitives.WriteInt32LittleEndian(header[4..], data.Length);
        target.Write(header);
        target.Write(data);
        if ((data.Length & 1) != 0)
        {
            target.WriteByte(0);
        }
    }

    // A little-endian TIFF header and one directory of ASCII entries; the texts follow the directory.
    private static byte[] BuildExif(IReadOnlyList<PngText> texts)
    {
        var other = FirstOtherTag;
        var entries = texts
            .Select(text =>
                (
                    Tag: text.Keyword == "prompt" ? PromptTag : other--,
                    Data: Encoding.Latin1.GetBytes($"{text.Keyword}:{text.Text}\0")
                )
            )
            .OrderBy(entry => entry.Tag)
            .ToList();
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write("II*\0"u8);
        writer.Write(8);
        writer.Write((ushort)entries.Count);
        var offset = 8 + 2 + (entries.Count * 12) + 4;
        foreach (var (tag, data) in entries)
        {
            writer.Write(tag);
            writer.Write(Ascii);
            writer.Write(data.Length);
            if (data.Length <= 4)
            {
                writer.Write([.. data, .. new byte[4 - data.Length]]);
                continue;
            }

            writer.Write(offset);
            offset += data.Length;
        }

        writer.Write(0);
        foreach (var (_, data) in entries.Where(entry => entry.Data.Length > 4))
        {
            writer.Write(data);
        }

        return stream.ToArray();
    }
}
