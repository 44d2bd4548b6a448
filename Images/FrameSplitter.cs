namespace NodeHost.Images;

/// <summary>Cuts frames that lie below one another apart.</summary>
internal static class FrameSplitter
{
    public static IEnumerable<PixelBuffer> Split(PixelBuffer whole, int frameHeight)
    {
        if (frameHeight <= 0 || frameHeight >= whole.Height || whole.Height % frameHeight != 0)
        {
            yield return whole;
            yield break;
        }

        var length = frameHeight * whole.Width * whole.Channels;
        for (var start = 0; start < whole.Data.Length; start += length)
        {
            yield return new PixelBuffer(
                whole.Width,
                frameHeight,
                whole.Channels,
                whole.Data.AsSpan(start, length).ToArray()
            );
        }
    }
}
