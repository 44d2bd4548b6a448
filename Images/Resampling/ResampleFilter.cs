namespace NodeHost.Images.Resampling;

/// <summary>The kernels of Pillow's resize.</summary>
public enum ResampleFilter
{
    Box,
    Bilinear,
    Hamming,
    Bicubic,
    Lanczos,
}
