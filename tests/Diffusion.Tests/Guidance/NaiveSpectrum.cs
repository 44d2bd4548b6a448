using System.Numerics;

namespace NodeHost.Tests.Diffusion.Guidance;

/// <summary>Scaling of frequencies by the definition of the discrete Fourier transform.</summary>
internal static class NaiveSpectrum
{
    /// <summary>
    /// Frequencies in the order that has 0 in the middle; those from half - cutoff up to half + cutoff, in rows and
    /// columns, are low.
    /// </summary>
    public static double[] Scale(
        double[] values,
        int channels,
        int height,
        int width,
        double low,
        double high,
        int cutoff
    )
    {
        var result = new double[values.Length];
        for (var channel = 0; channel < channels; channel++)
        {
            var start = channel * height * width;
            for (var row = 0; row < height; row++)
            {
                for (var column = 0; column < width; column++)
                {
                    var frequency = Complex.Zero;
                    for (var index = 0; index < height * width; index++)
                    {
                        frequency += values[start + index] * Turn(index, row, column, -1);
                    }
                    frequency *= IsLow(row, height, cutoff) && IsLow(column, width, cutoff) ? low : high;
                    for (var index = 0; index < height * width; index++)
                    {
                        result[start + index] += (frequency * Turn(index, row, column, 1)).Real / (height * width);
                    }
                }
            }
        }
        return result;

        Complex Turn(int index, int row, int column, int sign)
        {
            var phase = ((double)(index / width) * row / height) + ((double)(index % width) * column / width);
            return Complex.Exp(new Complex(0, sign * 2 * Math.PI * phase));
        }
    }

    private static bool IsLow(int frequency, int length, int cutoff)
    {
        var sorted = (frequency + (length / 2)) % length;
        return sorted >= (length / 2) - cutoff && sorted < (length / 2) + cutoff;
    }
}
