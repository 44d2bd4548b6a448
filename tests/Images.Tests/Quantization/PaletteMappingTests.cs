using NodeHost.Images;
using NodeHost.Images.Quantization;

namespace NodeHost.Tests.Images.Quantization;

public sealed class PaletteMappingTests
{
    // Digests of what Pillow 9.4.0 gives: quantize(colors), then quantize(palette=..., dither=...).
    [Theory]
    [InlineData("noise", 1, "ec38159d8300576c", "f98f7a08349413b2")]
    [InlineData("noise", 2, "c15b516b46828bec", "bb99d85fd6e75efa")]
    [InlineData("noise", 8, "a8fa102ddd6a6f0b", "38b8ba5151be05db")]
    [InlineData("noise", 256, "1e6afbb11ddadd3e", "4bb99f37fa16d758")]
    [InlineData("smooth", 1, "dcc73a555da1e2da", "3ec1c65a754ca333")]
    [InlineData("smooth", 8, "94471100af444042", "6d46ea91353f2ab8")]
    [InlineData("smooth", 100, "554980dc92090a0d", "b1d0bc9fe785f879")]
    [InlineData("smooth", 256, "300456bb355d1f99", "f14c03ee9afdb24f")]
    public void Mapping_WithMedianCutPalette_EqualsPillow(string name, int colours, string nearest, string diffused)
    {
        var picture = name == "noise" ? SyntheticPicture.Noise(37, 23, 3) : SyntheticPicture.Smooth();
        var palette = MedianCut.Build(picture, colours);

        Assert.Equal(nearest, SyntheticPicture.Digest(PaletteMapping.Nearest(picture, palette)));
        Assert.Equal(diffused, SyntheticPicture.Digest(PaletteMapping.FloydSteinberg(picture, palette)));
    }

    [Fact]
    public void Bayer_OrderTwo_AddsTheFourThresholds()
    {
        var grey = new PixelBuffer(2, 2, 3, [.. Enumerable.Repeat((byte)100, 12)]);

        var result = BayerMatrix.Apply(grey, 2);

        Assert.Equal([99, 100, 101, 100], result.Data.Where((_, i) => i % 3 == 0));
    }
}
