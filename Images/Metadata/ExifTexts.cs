using System.Buffers.Binary;
using System.Text;
using NodeHost.Images.Png;

namespace NodeHost.Images.Metadata;

/// <summary>Reads <c>key:text</c> entries out of an EXIF block, as ComfyUI's savers put workflows into WebP.</summary>
internal static class ExifTexts
{
    private const int EntryLength = 12;
    private const ushort Ascii = 2;
    private const int LongestKeyword = 79;

    /// <summary>The entries in the order of their tags, as they are written; what cannot be read is left out.</summary>
    /// <param name="block">A TIFF header and its directories, with or without <c>Exif</c> before it.</param>
    public static IEnumerable<PngText> Read(ReadOnlyMemory<byte> block)
    {
        if (block.Span.StartsWith("Exif\0\0"u8))
        {
            block = block[6..];
        }
        if (block.Length < 8 || Order(block.Span) is not { } isBigEndian)
        {
            return [];
        }
        var first = UInt32(block.Span, 4, isBigEndian);
        if (first > block.Length - 2)
        {
            return [];
        }
        var texts = new List<PngText>();
        var count = UInt16(block.Span, (int)first, isBigEndian);
        for (var entry = 0; entry < count; entry++)
        {
            var place = first + 2 + entry * (long)EntryLength;
            if (place + EntryLength > block.Length)
            {
                break;
            }
            if (TextAt(block.Span, (int)place, isBigEndian) is { } text && Split(text) is { } found)
            {
                texts.Add(found);
            }
        }
        return texts;
    }

    private static bool? Order(ReadOnlySpan<byte> block) =>
        block.StartsWith("II*\0"u8) ? false
        : block.StartsWith("MM\0*"u8) ? true
        : null;

    private static string? TextAt(ReadOnlySpan<byte> block, int entry, bool isBigEndian)
    {
        if (UInt16(block, entry + 2, isBigEndian) != Ascii)
        {
            return null;
        }
        var length = UInt32(block, entry + 4, isBigEndian);
        var offset = length <= 4 ? (uint)entry + 8 : UInt32(block, entry + 8, isBigEndian);
        if (length > block.Length || offset > block.Length - length)
        {
            return null;
        }
        var bytes = block.Slice((int)offset, (int)length);
        var end = bytes.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? bytes : bytes[..end]);
    }

    private static PngText? Split(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon is > 0 and <= LongestKeyword ? new PngText(text[..colon], text[(colon + 1)..]) : null;
    }

    private static ushort UInt16(ReadOnlySpan<byte> block, int offset, bool isBigEndian) =>
        isBigEndian
            ? BinaryPrimitives.ReadUInt16BigEndian(block[offset..])
            : BinaryPrimitives.ReadUInt16LittleEndian(block[offset..]);

    private static uint UInt32(ReadOnlySpan<byte> block, int offset, bool isBigEndian) =>
        isBigEndian
            ? BinaryPrimitives.ReadUInt32BigEndian(block[offset..])
            : BinaryPrimitives.ReadUInt32LittleEndian(block[offset..]);
}
