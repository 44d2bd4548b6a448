namespace NodeHost.Images.Resampling;

/// <summary>Multiplies colours by their alpha and back, with Pillow's rounding.</summary>
internal static class Premultiplication
{
    public static PixelBuffer Apply(PixelBuffer source) =>
        Map(
            source,
            (colour, alpha) =>
            {
                var product = (colour * alpha) + 128;
                return ((product >> 8) + product) >> 8;
            }
        );

    public static PixelBuffer Undo(PixelBuffer source) =>
        Map(source, (colour, alpha) => alpha is 0 or 255 ? colour : Math.Min(255, 255 * colour / alpha));

    private static PixelBuffer Map(PixelBuffer source, Func<int, int, int> convert)
    {
        var channels = source.Channels;
        var result = new PixelBuffer(source.Width, source.Height, channels);
        for (var i = 0; i < source.Data.Length; i += channels)
        {
            var alpha = source.Data[i + channels - 1];
            for (var channel = 0; channel < channels - 1; channel++)
            {
                result.Data[i + channel] = (byte)convert(source.Data[i + channel], alpha);
            }

            result.Data[i + channels - 1] = alpha;
        }

        return result;
    }
}
