using System.IO.Compression;
using System.Text;

namespace NodeHost.Images.Png;

/// <summary>Puts texts into a PNG the way ComfyUI's frontend can read them, and takes any kind of text out again.</summary>
/// <remarks>The frontend reads uncompressed tEXt only, so that is what is written: Latin-1, JSON escaped to ASCII.</remarks>
public static class PngTextChunks
{
    // What one compressed text may grow to: workflows are some hundred kilobytes, a bomb is gigabytes.
    private const int MaximumTextLength = 64 << 20;

    /// <summary>The file with the texts directly behind its header.</summary>
    public static byte[] Insert(ReadOnlySpan<byte> file, IEnumerable<PngText> texts)
    {
        var header = PngHeader.TryRead(file);
        if (header is null)
        {
            throw new ArgumentException("Expected a PNG file to put text into.", nameof(file));
        }

        const int headerEnd = 8 + 8 + 13 + 4;
        using var result = new MemoryStream(file.Length + 1024);
        result.Write(file[..headerEnd]);
        foreach (var text in texts)
        {
            new PngChunk("tEXt", Encode(text)).WriteTo(result);
        }

        result.Write(file[headerEnd..]);
        return result.ToArray();
    }

    /// <summary>All tEXt, comf, zTXt and iTXt texts in file order; what cannot be read is left out.</summary>
    public static IReadOnlyList<PngText> Read(ReadOnlyMemory<byte> file)
    {
        var texts = new List<PngText>();
        foreach (var chunk in PngChunk.ReadAll(file))
        {
            var text = chunk.Type switch
            {
                // comf is how ComfyUI calls the texts of animated PNGs.
                "tEXt" or "comf" => ReadPlain(chunk.Data.Span),
                "zTXt" => ReadCompressed(chunk.Data),
                "iTXt" => ReadInternational(chunk.Data),
                _ => null,
            };
            if (text is not null)
            {
                texts.Add(text);
            }
        }

        return texts;
    }

    internal static byte[] Encode(PngText text)
    {
        if (text.Keyword.Length is < 1 or > 79)
        {
            throw new ArgumentException($"A PNG keyword has 1 to 79 characters, given '{text.Keyword}'.", nameof(text));
        }

        return [.. Encoding.Latin1.GetBytes(text.Keyword), 0, .. Encoding.Latin1.GetBytes(text.Text)];
    }

    private static PngText? ReadPlain(ReadOnlySpan<byte> data)
    {
        var end = data.IndexOf((byte)0);
        return end < 0
            ? null
            : new PngText(Encoding.Latin1.GetString(data[..end]), Encoding.Latin1.GetString(data[(end + 1)..]));
    }

    private static PngText? ReadCompressed(ReadOnlyMemory<byte> data)
    {
        var end = data.Span.IndexOf((byte)0);
        return end < 0 || end + 2 > data.Length || Inflate(data[(end + 2)..]) is not { } text
            ? null
            : new PngText(Encoding.Latin1.GetString(data.Span[..end]), Encoding.Latin1.GetString(text));
    }

    // keyword 0 compressed method language 0 translated-keyword 0 text
    private static PngText? ReadInternational(ReadOnlyMemory<byte> data)
    {
        var end = data.Span.IndexOf((byte)0);
        if (end < 0 || end + 3 > data.Length)
        {
            return null;
        }

        var compressed = data.Span[end + 1] == 1;
        var rest = data[(end + 3)..];
        for (var i = 0; i < 2; i++)
        {
            var next = rest.Span.IndexOf((byte)0);
            if (next < 0)
            {
                return null;
            }

            rest = rest[(next + 1)..];
        }

        var text = compressed ? Inflate(rest) : rest.ToArray();
        return text is null
            ? null
            : new PngText(Encoding.Latin1.GetString(data.Span[..end]), Encoding.UTF8.GetString(text));
    }

    private static byte[]? Inflate(ReadOnlyMemory<byte> data)
    {
        try
        {
            using var source = new ZLibStream(new MemoryStream(data.ToArray()), CompressionMode.Decompress);
            using var result = new MemoryStream();
            var buffer = new byte[16384];
            for (int read; (read = source.Read(buffer)) > 0; )
            {
                if (result.Length + read > MaximumTextLength)
                {
                    return null;
                }

                result.Write(buffer, 0, read);
            }

            return result.ToArray();
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }
}
