namespace NodeHost.Images.Native;

/// <summary>What libvips takes the bands of a picture for, as far as the decoder distinguishes them.</summary>
internal enum VipsInterpretation
{
    Multiband = 0,
    BlackWhite = 1,
    Cmyk = 15,
    Rgb = 17,
    StandardRgb = 22,
    Rgb16 = 25,
    Grey16 = 26,
}
