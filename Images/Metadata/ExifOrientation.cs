namespace NodeHost.Images.Metadata;

/// <summary>Turns a picture the way its EXIF orientation says it was meant to be seen.</summary>
internal static class ExifOrientation
{
    /// <param name="source">The picture as stored.</param>
    /// <param name="orientation">1 to 8 as in EXIF tag 0x0112; anything else counts as 1.</param>
    public static PixelBuffer Upright(PixelBuffer source, int orientation)
    {
        if (orientation is < 2 or > 8)
        {
            return source;
        }

        var (width, height, channels) = (source.Width, source.Height, source.Channels);
        var turned = orientation >= 5;
        var result = turned ? new PixelBuffer(height, width, channels) : new PixelBuffer(width, height, channels);
        for (var y = 0; y < result.Height; y++)
        {
            var row = result.Row(y);
            for (var x = 0; x < result.Width; x++)
            {
                var (fromX, fromY) = orientation switch
                {
                    2 => (width - 1 - x, y),
                    3 => (width - 1 - x, height - 1 - y),
                    4 => (x, height - 1 - y),
                    5 => (y, x),
                    6 => (y, height - 1 - x),
                    7 => (width - 1 - y, height - 1 - x),
                    _ => (width - 1 - y, x),
                };
                source
                    .Data.AsSpan(((fromY * width) + fromX) * channels, channels)
                    .CopyTo(row.Slice(x * channels, channels));
            }
        }

        return result;
    }
}
