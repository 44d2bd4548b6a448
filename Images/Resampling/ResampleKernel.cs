namespace NodeHost.Images.Resampling;

/// <summary>The kernel functions and how far they reach, in source pixels at scale 1.</summary>
internal static class ResampleKernel
{
    public static double Support(ResampleFilter filter) =>
        filter switch
        {
            ResampleFilter.Box => 0.5,
            ResampleFilter.Bilinear or ResampleFilter.Hamming => 1,
            ResampleFilter.Bicubic => 2,
            _ => 3,
        };

    public static double Weight(ResampleFilter filter, double x) =>
        filter switch
        {
            ResampleFilter.Box => x is > -0.5 and <= 0.5 ? 1 : 0,
            ResampleFilter.Bilinear => Math.Max(0, 1 - Math.Abs(x)),
            ResampleFilter.Hamming => Math.Abs(x) < 1 ? Sinc(x) * (0.54f + (0.46f * Math.Cos(x * Math.PI))) : 0,
            ResampleFilter.Bicubic => Bicubic(Math.Abs(x)),
            _ => x is >= -3 and < 3 ? Sinc(x) * Sinc(x / 3) : 0,
        };

    private static double Sinc(double x) => x == 0 ? 1 : Math.Sin(x * Math.PI) / (x * Math.PI);

    // Keys' convolution with a = -1/2.
    private static double Bicubic(double x) =>
        x < 1 ? (((1.5 * x) - 2.5) * x * x) + 1
        : x < 2 ? ((((x - 5) * x) + 8) * x - 4) * -0.5
        : 0;
}
