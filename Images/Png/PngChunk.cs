using System.Buffers.Binary;
using System.Text;

namespace NodeHost.Images.Png;

/// <summary>One chunk of a PNG file: four letters and their data.</summary>
internal readonly record struct PngChunk(string Type, ReadOnlyMemory<byte> Data)
{
    public static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>The chunks up to IEND; a length that leaves the file ends the list, checksums are the decoder's business.</summary>
    public static IEnumerable<PngChunk> ReadAll(ReadOnlyMemory<byte> file)
    {
        if (!file.Span.StartsWith(Signature))
        {
            yield break;
        }

        var position = Signature.Length;
        while (position + 12 <= file.Length)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(file.Span[position..]);
            if (length > file.Length - position - 12)
            {
                yield break;
            }

            var type = Encoding.Latin1.GetString(file.Span.Slice(position + 4, 4));
            yield return new PngChunk(type, file.Slice(position + 8, (int)length));
            if (type == "IEND")
            {
                yield break;
            }

            position += 12 + (int)length;
        }
    }

    public void WriteTo(Stream target)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(number, (uint)Data.Length);
        target.Write(number);
        var type = Encoding.Latin1.GetBytes(Type);
        target.Write(type);
        target.Write(Data.Span);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc32.Compute(type, Data.Span));
        target.Write(number);
    }
}
