using System.Buffers.Binary;
using NodeHost.Images.Png;

namespace NodeHost.Images.Metadata;

/// <summary>The texts that picture files carry beside the picture: the workflow and the prompt that made it, among others.</summary>
public static class EmbeddedTexts
{
    /// <summary>The texts of a PNG (animated ones too), WebP or JPEG file; null when it is none of these.</summary>
    public static IReadOnlyList<PngText>? Read(ReadOnlyMemory<byte> file)
    {
        var bytes = file.Span;
        if (bytes.StartsWith(PngChunk.Signature))
        {
            return PngTextChunks.Read(file);
        }
        if (bytes.Length >= 12 && bytes.StartsWith("RIFF"u8) && bytes[8..12].SequenceEqual("WEBP"u8))
        {
            return [.. WebPBlocks(file).SelectMany(ExifTexts.Read)];
        }
        return bytes is [0xFF, 0xD8, 0xFF, ..] ? [.. JpegBlocks(file).SelectMany(ExifTexts.Read)] : null;
    }

    private static IEnumerable<ReadOnlyMemory<byte>> WebPBlocks(ReadOnlyMemory<byte> file)
    {
        for (var position = 12L; position + 8 <= file.Length; )
        {
            var length = BinaryPrimitives.ReadUInt32LittleEndian(file.Span[((int)position + 4)..]);
            if (length > file.Length - position - 8)
            {
                yield break;
            }
            if (file.Span[(int)position..].StartsWith("EXIF"u8))
            {
                yield return file.Slice((int)position + 8, (int)length);
            }
            position += 8 + length + (length & 1);
        }
    }

    private static IEnumerable<ReadOnlyMemory<byte>> JpegBlocks(ReadOnlyMemory<byte> file)
    {
        const byte application1 = 0xE1;
        const byte scan = 0xDA;
        for (var position = 2; position + 4 <= file.Length; )
        {
            var (marker, kind) = (file.Span[position], file.Span[position + 1]);
            var length = BinaryPrimitives.ReadUInt16BigEndian(file.Span[(position + 2)..]);
            if (marker != 0xFF || kind == scan || length < 2 || length > file.Length - position - 2)
            {
                yield break;
            }
            if (kind == application1 && file.Span[(position + 4)..].StartsWith("Exif\0\0"u8))
            {
                yield return file.Slice(position + 4, length - 2);
            }
            position += 2 + length;
        }
    }
}
