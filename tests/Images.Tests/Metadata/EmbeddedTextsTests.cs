using System.Buffers.Binary;
using System.Text;
using NodeHost.Images;
using NodeHost.Images.Metadata;
using NodeHost.Images.Png;

namespace NodeHost.Tests.Images.Metadata;

public sealed class EmbeddedTextsTests
{
    private const string Prompt = "{\"1\": {\"class_type\": \"A\"}}";
    private const string Workflow = "{\"nodes\": [], \"links\": []}";

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public void Read_WebP_GivesTheEntriesOfItsExifBlock(bool bigEndian, bool withPrefix)
    {
        // Tag 0x010F before 0x0110, as directories are sorted.
        var exif = Exif(bigEndian, $"workflow:{Workflow}\0", $"prompt:{Prompt}\0");
        var file = WebP(withPrefix ? [.. "Exif\0\0"u8, .. exif] : exif);

        Assert.Equal([new PngText("workflow", Workflow), new PngText("prompt", Prompt)], EmbeddedTexts.Read(file));
    }

    [Fact]
    public void Read_Jpeg_GivesTheEntriesOfItsExifBlock()
    {
        byte[] block = [.. "Exif\0\0"u8, .. Exif(bigEndian: true, $"prompt:{Prompt}\0")];
        byte[] file =
        [
            0xFF,
            0xD8,
            0xFF,
            0xE0,
            0,
            4,
            1,
            2,
            0xFF,
            0xE1,
            (byte)((block.Length + 2) >> 8),
            (byte)(block.Length + 2),
            .. block,
            0xFF,
            0xDA,
            0,
            2,
        ];

        Assert.Equal([new PngText("prompt", Prompt)], EmbeddedTexts.Read(file));
    }

    [Fact]
    public void Read_WhatTheEncodersWrote_GivesItBack()
    {
        var frame = new PixelBuffer(4, 4, 3);
        PngText[] texts = [new("prompt", Prompt), new("workflow", Workflow)];

        var webP = ImageEncoder.WebP([frame, frame], new WebPOptions(80, true, 4, 100) { Texts = texts });
        var png = ImageEncoder.AnimatedPng([frame, frame], 100, 4, texts);

        Assert.Equal(texts, EmbeddedTexts.Read(webP)!.OrderBy(text => text.Keyword));
        Assert.Equal(texts, EmbeddedTexts.Read(png));
    }

    [Fact]
    public void Read_OtherFiles_IsNull()
    {
        Assert.Null(EmbeddedTexts.Read("{}"u8.ToArray()));
        Assert.Null(EmbeddedTexts.Read(Array.Empty<byte>()));
        Assert.Null(EmbeddedTexts.Read("RIFF\0\0\0\0WAVE"u8.ToArray()));
    }

    [Fact]
    public void Read_AThousandDamagedFiles_NeverFails()
    {
        byte[][] sound =
        [
            WebP(Exif(false, $"workflow:{Workflow}\0", $"prompt:{Prompt}\0")),
            WebP(Exif(true, "a:b\0", $"prompt:{Prompt}\0")),
        ];
        for (var seed = 0; seed < 1000; seed++)
        {
            var random = new Random(seed);
            var bytes = (byte[])sound[seed % 2].Clone();
            for (var fault = random.Next(1, 4); fault > 0; fault--)
            {
                bytes[random.Next(12, bytes.Length)] = (byte)random.Next(256);
            }
            if (random.Next(3) == 0)
            {
                bytes = bytes[..random.Next(12, bytes.Length)];
            }

            Assert.NotNull(EmbeddedTexts.Read(bytes));
        }
    }

    /// <summary>A TIFF header, one directory of ASCII entries from tag 0x010F on, and the texts.</summary>
    private static byte[] Exif(bool bigEndian, params string[] texts)
    {
        byte[] Word(int value, int size)
        {
            var bytes = new byte[4];
            if (bigEndian)
            {
                BinaryPrimitives.WriteInt32BigEndian(bytes, value);
                return bytes[(4 - size)..];
            }
            BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
            return bytes[..size];
        }

        List<byte> file = [.. bigEndian ? "MM"u8 : "II"u8, .. Word(42, 2), .. Word(8, 4), .. Word(texts.Length, 2)];
        var offset = 8 + 2 + texts.Length * 12 + 4;
        for (var index = 0; index < texts.Length; index++)
        {
            var data = Encoding.UTF8.GetBytes(texts[index]);
            file.AddRange([.. Word(0x010F + index, 2), .. Word(2, 2), .. Word(data.Length, 4)]);
            if (data.Length <= 4)
            {
                file.AddRange([.. data, .. new byte[4 - data.Length]]);
                continue;
            }
            file.AddRange(Word(offset, 4));
            offset += data.Length;
        }
        file.AddRange(Word(0, 4));
        foreach (var data in texts.Select(Encoding.UTF8.GetBytes).Where(data => data.Length > 4))
        {
            file.AddRange(data);
        }
        return [.. file];
    }

    /// <summary>A picture chunk of odd length, then the EXIF block.</summary>
    private static byte[] WebP(byte[] exif)
    {
        List<byte> file = [.. "RIFF\0\0\0\0WEBP"u8];
        Chunk("VP8L", [1, 2, 3]);
        Chunk("EXIF", exif);
        return [.. file];

        void Chunk(string name, byte[] data)
        {
            file.AddRange([.. Encoding.ASCII.GetBytes(name), .. BitConverter.GetBytes(data.Length), .. data]);
            if (data.Length % 2 == 1)
            {
                file.Add(0);
            }
        }
    }
}
