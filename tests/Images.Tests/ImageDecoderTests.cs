using System.Text;
using NodeHost.Images;

namespace NodeHost.Tests.Images;

public sealed class ImageDecoderTests
{
    [Fact]
    public void Decode_SixteenBitGreyPng_IsMultipliedByOneOver255AndClipped()
    {
        var file = SampleFiles.Png(
            4,
            1,
            16,
            0,
            [
                [0, 254, 1, 0, 0x7F, 0xFF, 0xFF, 0xFF],
            ]
        );

        var picture = Only(file);

        Assert.Equal([0, 0, 0, 1, 1, 1, 128, 128, 128, 255, 255, 255], picture.Data);
    }

    [Fact]
    public void Decode_SixteenBitColourPng_KeepsTheHighByte()
    {
        var file = SampleFiles.Png(
            1,
            1,
            16,
            6,
            [
                [1, 255, 2, 0, 3, 128, 200, 7],
            ]
        );

        var image = ImageDecoder.Decode(file, "x.png");

        Assert.Equal([1, 2, 3, 200], image.Frames[0].Data);
        Assert.Equal(AlphaSource.Channel, image.Alpha);
    }

    [Fact]
    public void Decode_OneBitPng_GivesBlackAndWhite() =>
        Assert.Equal(
            [255, 255, 255, 0, 0, 0, 255, 255, 255],
            Only(
                SampleFiles.Png(
                    3,
                    1,
                    1,
                    0,
                    [
                        [0b1010_0000],
                    ]
                )
            ).Data
        );

    [Fact]
    public void Decode_PaletteWithTransparentEntries_HasAlpha()
    {
        var file = SampleFiles.Png(
            2,
            1,
            8,
            3,
            [
                [1, 0],
            ],
            ("PLTE", [10, 20, 30, 40, 50, 60]),
            ("tRNS", [255, 100])
        );

        var image = ImageDecoder.Decode(file, "x.png");

        Assert.Equal([40, 50, 60, 100, 10, 20, 30, 255], image.Frames[0].Data);
        Assert.Equal(AlphaSource.Channel, image.Alpha);
    }

    [Fact]
    public void Decode_TransparentColourOfRgbPng_IsAColourKey()
    {
        var file = SampleFiles.Png(
            2,
            1,
            8,
            2,
            [
                [1, 2, 3, 4, 5, 6],
            ],
            ("tRNS", [0, 4, 0, 5, 0, 6])
        );

        var image = ImageDecoder.Decode(file, "x.png");

        Assert.Equal([1, 2, 3, 255, 4, 5, 6, 0], image.Frames[0].Data);
        Assert.Equal(AlphaSource.ColourKey, image.Alpha);
    }

    [Fact]
    public void Decode_CmykJpeg_ConvertsAsPillowDoes() =>
        Assert.Equal([197, 125, 44], Only(SampleFiles.CmykJpeg).Data[..3]);

    [Fact]
    public void Decode_JpegWithOrientation_IsTurnedUpright()
    {
        var picture = Only(SampleFiles.TurnedJpeg);

        Assert.Equal((8, 16), (picture.Width, picture.Height));
        Assert.True(picture.Row(0)[0] > 200, "the red half is on top");
        Assert.True(picture.Row(15)[0] < 50, "the black half is below");
    }

    [Fact]
    public void Decode_WebPWithAlpha_KeepsEveryByte() =>
        Assert.Equal([1, 2, 3, 255, 200, 100, 50, 128], Only(SampleFiles.TransparentWebP).Data);

    [Fact]
    public void Decode_AnimatedGif_GivesAllFrames()
    {
        var image = ImageDecoder.Decode(SampleFiles.AnimatedGif, "x.gif");

        Assert.Equal(3, image.Frames.Count);
        Assert.All(image.Frames, frame => Assert.Equal((4, 3), (frame.Width, frame.Height)));
        Assert.Equal([0, 0, 255], image.Frames[2].Data[..3]);
    }

    [Fact]
    public void Decode_TiffWithPagesOfTwoSizes_KeepsThoseLikeTheFirst()
    {
        var image = ImageDecoder.Decode(SampleFiles.PagedTiff, "x.tif");

        Assert.Equal(2, image.Frames.Count);
        Assert.Equal([0, 10, 20], image.Frames[0].Data[..3]);
        Assert.Equal([150, 160, 170], image.Frames[1].Data[..3]);
    }

    [Fact]
    public void Decode_Bitmap_ReadsRowsFromBelow() =>
        Assert.Equal([0, 10, 20, 30, 40, 50, 60, 70, 80, 90], Only(SampleFiles.Bitmap).Data[..10]);

    [Fact]
    public void Decode_TruncatedPng_IsRefused()
    {
        var file = ImageEncoder.Png(SyntheticPicture.Noise(40, 40, 3), 4);

        var refusal = Assert.Throws<ImageException>(() => ImageDecoder.Decode(file.AsMemory(..^200), "cut.png"));

        Assert.StartsWith("cut.png: ", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Decode_TruncatedJpeg_IsRefused()
    {
        var file = ImageEncoder.Jpeg(SyntheticPicture.Noise(64, 64, 3), 90);

        Assert.Throws<ImageException>(() => ImageDecoder.Decode(file.AsMemory(..^500), "cut.jpg"));
    }

    [Fact]
    public void Decode_DecompressionBomb_IsRefusedBeforeItsPixelsAreRead()
    {
        var file = SampleFiles.Png(
            60000,
            60000,
            1,
            0,
            [
                [0],
            ]
        );

        var refusal = Assert.Throws<ImageException>(() => ImageDecoder.Decode(file, "bomb.png"));

        Assert.Contains("178956970", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Decode_MorePixelsThanAllowed_IsRefused() =>
        Assert.Throws<ImageException>(() => ImageDecoder.Decode(SampleFiles.Bitmap, "x.bmp", new DecodeLimits(5)));

    [Theory]
    [InlineData(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"><rect width=\"9\" height=\"9\"/></svg>"
    )]
    [InlineData("%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\n%%EOF")]
    [InlineData("push graphic-context\nviewbox 0 0 9 9\npop graphic-context")]
    [InlineData("")]
    public void Decode_UntrustedOrUnknownFormat_IsRefused(string text) =>
        Assert.Throws<ImageException>(() => ImageDecoder.Decode(Encoding.ASCII.GetBytes(text), "x"));

    private static PixelBuffer Only(byte[] file) => Assert.Single(ImageDecoder.Decode(file, "x").Frames);
}
