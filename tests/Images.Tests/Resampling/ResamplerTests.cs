using NodeHost.Images;
using NodeHost.Images.Resampling;

namespace NodeHost.Tests.Images.Resampling;

public sealed class ResamplerTests
{
    // Digests of what Pillow 9.4.0 gives for the same 37x23 picture.
    [Theory]
    [InlineData(ResampleFilter.Lanczos, 50, 11, "4af3dd5a7ed58670")]
    [InlineData(ResampleFilter.Lanczos, 9, 40, "9ae7feafadf085aa")]
    [InlineData(ResampleFilter.Lanczos, 37, 5, "7f759bbeb2454040")]
    [InlineData(ResampleFilter.Bilinear, 50, 11, "64796dfb4473a064")]
    [InlineData(ResampleFilter.Bilinear, 9, 40, "76b9931df86ee2eb")]
    [InlineData(ResampleFilter.Bicubic, 50, 11, "2c9daf854cbc21bb")]
    [InlineData(ResampleFilter.Bicubic, 9, 40, "4feac94868c0a294")]
    [InlineData(ResampleFilter.Box, 9, 40, "9003b86e29e2ff27")]
    [InlineData(ResampleFilter.Hamming, 9, 40, "bc1b986b2c82a483")]
    public void Resize_Noise_EqualsPillow(ResampleFilter filter, int width, int height, string digest)
    {
        var result = Resampler.Resize(SyntheticPicture.Noise(37, 23, 3), width, height, filter);

        Assert.Equal(digest, SyntheticPicture.Digest(result));
    }

    [Theory]
    [InlineData(100, 50, 512, 256)]
    [InlineData(50, 101, 253, 512)]
    [InlineData(2000, 1, 512, 1)]
    public void FitLongerSide_AnyShape_KeepsTheProportions(int width, int height, int expectedWidth, int expectedHeight)
    {
        var result = Resampler.FitLongerSide(new PixelBuffer(width, height, 3), 512, ResampleFilter.Bilinear);

        Assert.Equal((expectedWidth, expectedHeight), (result.Width, result.Height));
    }
}
