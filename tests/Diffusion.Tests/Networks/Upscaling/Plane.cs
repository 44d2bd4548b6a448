namespace NodeHost.Tests.Diffusion.Networks.Upscaling;

/// <summary>Pictures as lists of channels of numbers, and what upscalers do to them, index by index.</summary>
internal sealed record Plane(int Channels, int Height, int Width, double[] Values)
{
    public static Plane Of(int channels, int height, int width, Func<int, int, int, double> value) =>
        new(
            channels,
            height,
            width,
            [
                .. Enumerable
                    .Range(0, channels * height * width)
                    .Select(n => value(n / (height * width), n / width % height, n % width)),
            ]
        );

    public double At(int channel, int y, int x) =>
        y < 0 || x < 0 || y >= Height || x >= Width ? 0 : Values[(channel * Height + y) * Width + x];

    public Plane Map(Func<double, double> function) => this with { Values = [.. Values.Select(function)] };

    public Plane Add(Plane other, double factor = 1) =>
        this with
        {
            Values = [.. Values.Zip(other.Values, (a, b) => a * factor + b)],
        };

    public Plane Beside(Plane other) => new(Channels + other.Channels, Height, Width, [.. Values, .. other.Values]);

    /// <summary>Nearest neighbours.</summary>
    public Plane Enlarge(int factor) =>
        Of(Channels, Height * factor, Width * factor, (c, y, x) => At(c, y / factor, x / factor));

    /// <summary>A 3x3 convolution over a border of zeros.</summary>
    public Plane Convolve(float[] kernel, float[] bias)
    {
        var padded = this;
        return Of(
            bias.Length,
            Height,
            Width,
            (o, y, x) =>
            {
                var sum = (double)bias[o];
                for (var c = 0; c < padded.Channels; c++)
                {
                    for (var k = 0; k < 9; k++)
                    {
                        sum += kernel[(o * padded.Channels + c) * 9 + k] * padded.At(c, y + k / 3 - 1, x + k % 3 - 1);
                    }
                }
                return sum;
            }
        );
    }
}
