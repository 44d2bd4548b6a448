using System.Buffers.Binary;

namespace NodeHost.Images.Png;

/// <summary>What a PNG says of itself before its pixels.</summary>
internal sealed record PngHeader(
    int Width,
    int Height,
    int BitDepth,
    PngColourType ColourType,
    bool HasTransparency,
    bool IsAnimated
)
{
    /// <summary>One transparent colour declared on a picture without palette.</summary>
    public bool HasColourKey => HasTransparency && ColourType is PngColourType.Grey or PngColourType.Rgb;

    /// <summary>Null when the bytes are not a PNG, or too short to be one.</summary>
    public static PngHeader? TryRead(ReadOnlySpan<byte> file)
    {
        const int end = 8 + 8 + 13;
        if (!file.StartsWith(PngChunk.Signature) || file.Length < end)
        {
            return null;
        }

        var (transparent, animated) = (false, false);
        var position = end + 4;
        while (position + 12 <= file.Length)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(file[position..]);
            var type = file.Slice(position + 4, 4);
            if (type.SequenceEqual("IDAT"u8) || length > file.Length - position - 12)
            {
                break;
            }

            transparent |= type.SequenceEqual("tRNS"u8);
            animated |= type.SequenceEqual("acTL"u8);
            position += 12 + (int)length;
        }

        return new PngHeader(
            BinaryPrimitives.ReadInt32BigEndian(file[16..]),
            BinaryPrimitives.ReadInt32BigEndian(file[20..]),
            file[24],
            (PngColourType)file[25],
            transparent,
            animated
        );
    }
}
