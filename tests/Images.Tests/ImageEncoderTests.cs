using NodeHost.Images;
using NodeHost.Images.Native;
using NodeHost.Images.Png;

namespace NodeHost.Tests.Images;

public sealed class ImageEncoderTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4)]
    public void Png_DecodedAgain_GivesTheSamePixels(int channels)
    {
        var picture = SyntheticPicture.Noise(31, 17, channels);

        var again = ImageDecoder.Decode(ImageEncoder.Png(picture, 4), "x.png").Frames[0];

        Assert.Equal(picture.ToChannels(channels == 4 ? 4 : 3).Data, again.Data);
    }

    [Theory]
    [InlineData(1, 128)]
    [InlineData(3, 128)]
    [InlineData(4, 127)]
    [InlineData(4, 129)]
    [InlineData(3, 1)]
    public void Png_SmallAndLarge_AreTheSamePictureToADecoder(int channels, int size)
    {
        foreach (var compression in (int[])[0, 1, 4, 9])
        {
            var picture = SyntheticPicture.Noise(size, size, channels);

            var again = ImageDecoder.Decode(ImageEncoder.Png(picture, compression), "x.png").Frames[0];

            Assert.Equal(picture.ToChannels(channels == 4 ? 4 : 3).Data, again.Data);
        }
    }

    [Fact]
    public void Png_WithTexts_CarriesThemUncompressedBehindTheHeader()
    {
        var file = ImageEncoder.Png(
            SyntheticPicture.Noise(5, 5, 3),
            1,
            [new PngText("prompt", "{\"1\": 2}"), new PngText("workflow", "{}")]
        );

        var chunks = PngChunk.ReadAll(file).Select(chunk => chunk.Type).Take(3);
        Assert.Equal(["IHDR", "tEXt", "tEXt"], chunks);
        Assert.Equal([new PngText("prompt", "{\"1\": 2}"), new PngText("workflow", "{}")], PngTextChunks.Read(file));
    }

    [Fact]
    public void Jpeg_AtQuality95_StaysCloseToTheOriginal()
    {
        var picture = SyntheticPicture.Smooth();

        var again = ImageDecoder.Decode(ImageEncoder.Jpeg(picture, 95), "x.jpg").Frames[0];

        var difference = picture.Data.Zip(again.Data, (a, b) => Math.Abs(a - b)).Average();
        Assert.InRange(difference, 0.01, 2);
    }

    [Fact]
    public void AnimatedPng_DecodedAgain_GivesTheSameFrames()
    {
        var frames = Frames();

        var again = ImageDecoder.Decode(ImageEncoder.AnimatedPng(frames, 80, 4, []), "x.png");

        Assert.Equal(frames.Select(SyntheticPicture.Digest), again.Frames.Select(SyntheticPicture.Digest));
    }

    [Fact]
    public void AnimatedPng_Texts_StandBehindTheFirstPicture()
    {
        var file = ImageEncoder.AnimatedPng(
            [new PixelBuffer(4, 4, 3), new PixelBuffer(4, 4, 3)],
            80,
            4,
            [new PngText("workflow", "{}")]
        );

        var types = PngChunk.ReadAll(file).Select(chunk => chunk.Type);
        Assert.Equal(["IHDR", "acTL", "fcTL", "IDAT", "comf", "fcTL", "fdAT", "IEND"], types);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void WebP_LosslessWithTexts_GivesTheSameFramesAndCarriesTheTexts(int frameCount)
    {
        var frames = Frames()[..frameCount];

        var file = ImageEncoder.WebP(
            frames,
            new WebPOptions(Lossless: true) { Texts = [new PngText("prompt", "{}"), new PngText("workflow", "[1]")] }
        );

        var again = ImageDecoder.Decode(file, "x.webp");
        Assert.Equal(frames.Select(SyntheticPicture.Digest), again.Frames.Select(SyntheticPicture.Digest));
        var text = System.Text.Encoding.Latin1.GetString(file);
        Assert.Contains("prompt:{}\0", text, StringComparison.Ordinal);
        Assert.Contains("workflow:[1]\0", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Preview_SmallPicture_IsScaledUpToTheLongerSide()
    {
        var preview = ImageDecoder.Decode(PreviewEncoder.Encode(SyntheticPicture.Noise(64, 48, 4)), "x.jpg");

        Assert.Equal((512, 384), (preview.Width, preview.Height));
    }

    [Fact]
    public void Png_ManyPictures_LeavesNothingInLibvips()
    {
        var picture = SyntheticPicture.Noise(100, 100, 3);
        _ = ImageDecoder.Decode(ImageEncoder.Png(picture, 1), "x.png");
        var before = VipsLibrary.TrackedBytes();

        for (var i = 0; i < 20; i++)
        {
            _ = ImageDecoder.Decode(ImageEncoder.Png(picture, 1), "x.png");
        }

        Assert.Equal(before, VipsLibrary.TrackedBytes());
    }

    private static PixelBuffer[] Frames() =>
        [SyntheticPicture.Smooth(), SyntheticPicture.Noise(64, 48, 3), SyntheticPicture.Smooth()];
}
