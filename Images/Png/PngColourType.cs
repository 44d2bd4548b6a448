namespace NodeHost.Images.Png;

/// <summary>The colour types of PNG, with their numbers in the file.</summary>
internal enum PngColourType : byte
{
    Grey = 0,
    Rgb = 2,
    Palette = 3,
    GreyAlpha = 4,
    RgbAlpha = 6,
}
