using NodeHost.Images;

namespace NodeHost.Golden.Comparison;

/// <summary>Compares 8-bit pictures: at most one level apart, on at most one value in a thousand.</summary>
internal static class PictureComparison
{
    public const double AllowedShare = 0.001;

    /// <summary>The share of values that differ; infinite where size differs or one is more than a level away.</summary>
    public static double ShareThatDiffers(string actualPath, string expectedPath)
    {
        var actual = ImageDecoder.DecodeFile(actualPath);
        var expected = ImageDecoder.DecodeFile(expectedPath);
        if (actual.Frames.Count != expected.Frames.Count)
        {
            return double.PositiveInfinity;
        }
        long values = 0;
        long different = 0;
        foreach (var (left, right) in actual.Frames.Zip(expected.Frames))
        {
            if (left.Width != right.Width || left.Height != right.Height || left.Channels != right.Channels)
            {
                return double.PositiveInfinity;
            }
            for (var index = 0; index < right.Data.Length; index++)
            {
                var difference = Math.Abs(left.Data[index] - right.Data[index]);
                if (difference > 1)
                {
                    return double.PositiveInfinity;
                }
                different += difference;
            }
            values += right.Data.Length;
        }
        return (double)different / values;
    }

    /// <summary>Of two encoded pictures, in levels; infinite where size or channels differ.</summary>
    public static double MeanDifference(byte[] actualBytes, byte[] expectedBytes)
    {
        var actual = ImageDecoder.Decode(actualBytes, "given").Frames[0];
        var expected = ImageDecoder.Decode(expectedBytes, "recorded").Frames[0];
        if (actual.Width != expected.Width || actual.Height != expected.Height || actual.Channels != expected.Channels)
        {
            return double.PositiveInfinity;
        }
        long sum = 0;
        for (var index = 0; index < expected.Data.Length; index++)
        {
            sum += Math.Abs(actual.Data[index] - expected.Data[index]);
        }
        return (double)sum / expected.Data.Length;
    }
}
