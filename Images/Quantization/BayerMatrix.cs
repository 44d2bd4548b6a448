namespace NodeHost.Images.Quantization;

/// <summary>Ordered dithering with Bayer's threshold matrices.</summary>
public static class BayerMatrix
{
    /// <summary>Adds the thresholds, so that mapping to the nearest colour then dithers.</summary>
    /// <param name="picture">The RGB picture.</param>
    /// <param name="order">Side of the matrix: 2, 4, 8 or 16.</param>
    public static PixelBuffer Apply(PixelBuffer picture, int order)
    {
        const float spread = 2 * 256f / Palette.Size;
        var thresholds = Normalised(order);
        var result = new PixelBuffer(picture.Width, picture.Height, picture.Channels);
        for (var y = 0; y < picture.Height; y++)
        {
            var source = picture.Row(y);
            var target = result.Row(y);
            for (var i = 0; i < source.Length; i++)
            {
                var threshold = (spread * thresholds[y % order, i / picture.Channels % order]) + 0.5f;
                target[i] = (byte)Math.Clamp(source[i] + threshold, 0, 255);
            }
        }

        return result;
    }

    // Each step replaces an entry by four, spread evenly around it; entries lie between -1/2 and 1/2.
    private static float[,] Normalised(int order)
    {
        if (order == 1)
        {
            return new float[1, 1];
        }

        var half = order / 2;
        var inner = Normalised(half);
        var cells = (float)(order * order);
        var matrix = new float[order, order];
        for (var y = 0; y < order; y++)
        {
            for (var x = 0; x < order; x++)
            {
                var offset = (y < half, x < half) switch
                {
                    (true, true) => -1.5f,
                    (true, false) => 0.5f,
                    (false, true) => 1.5f,
                    (false, false) => -0.5f,
                };
                matrix[y, x] = ((cells * inner[y % half, x % half]) + offset) / cells;
            }
        }

        return matrix;
    }
}
