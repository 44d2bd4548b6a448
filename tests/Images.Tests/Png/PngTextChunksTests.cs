using System.IO.Compression;
using System.Text;
using NodeHost.Images.Png;

namespace NodeHost.Tests.Images.Png;

public sealed class PngTextChunksTests
{
    [Fact]
    public void Read_AllThreeKinds_AreRead()
    {
        var file = SampleFiles.Png(
            1,
            1,
            8,
            0,
            [
                [0],
            ],
            ("tEXt", Encoding.Latin1.GetBytes("a\0plain")),
            ("zTXt", [.. "b\0\0"u8, .. Deflate("packed")]),
            ("iTXt", [.. "c\0\0\0de\0\0"u8, .. Encoding.UTF8.GetBytes("weiß")]),
            ("iTXt", [.. "d\0\x1\0\0\0"u8, .. Deflate("both")])
        );

        Assert.Equal(
            [new PngText("a", "plain"), new PngText("b", "packed"), new PngText("c", "weiß"), new PngText("d", "both")],
            PngTextChunks.Read(file)
        );
    }

    [Fact]
    public void Read_CompressedTextThatIsABomb_IsLeftOut()
    {
        var file = SampleFiles.Png(
            1,
            1,
            8,
            0,
            [
                [0],
            ],
            ("zTXt", [.. "b\0\0"u8, .. Deflate(new string('x', 70 << 20))])
        );

        Assert.Empty(PngTextChunks.Read(file));
    }

    [Fact]
    public void Read_LengthBeyondTheFile_EndsQuietly()
    {
        var file = SampleFiles.Png(
            1,
            1,
            8,
            0,
            [
                [0],
            ],
            ("tEXt", Encoding.Latin1.GetBytes("a\0plain"))
        );
        file[33] = 0x7F;

        Assert.Empty(PngTextChunks.Read(file));
    }

    private static byte[] Deflate(string text)
    {
        using var packed = new MemoryStream();
        using (var compressor = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            compressor.Write(Encoding.Latin1.GetBytes(text));
        }

        return packed.ToArray();
    }
}
