namespace NodeHost.Images;

/// <summary>8-bit interleaved pixels, rows from top to bottom without padding.</summary>
public sealed class PixelBuffer
{
    public PixelBuffer(int width, int height, int channels)
        : this(width, height, channels, new byte[checked(width * height * channels)]) { }

    public PixelBuffer(int width, int height, int channels, byte[] data)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        ArgumentOutOfRangeException.ThrowIfNotEqual(data.LongLength, (long)width * height * channels, nameof(data));
        (Width, Height, Channels, Data) = (width, height, channels, data);
    }

    public int Width { get; }

    public int Height { get; }

    /// <summary>1 grey, 2 grey and alpha, 3 RGB, 4 RGB and alpha.</summary>
    public int Channels { get; }

    public byte[] Data { get; }

    /// <summary>The row at <paramref name="y"/>, counted from the top.</summary>
    public Span<byte> Row(int y) => Data.AsSpan(y * Width * Channels, Width * Channels);

    /// <summary>The same picture with 3 or 4 channels; alpha is dropped, or added opaque.</summary>
    public PixelBuffer ToChannels(int channels)
    {
        if (channels == Channels)
        {
            return this;
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 3);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(channels, 4);
        var result = new PixelBuffer(Width, Height, channels);
        var (source, target) = (Data, result.Data);
        var grey = Channels < 3;
        var alpha = Channels is 2 or 4 ? Channels - 1 : -1;
        for (int from = 0, to = 0; from < source.Length; from += Channels, to += channels)
        {
            target[to] = source[from];
            target[to + 1] = source[grey ? from : from + 1];
            target[to + 2] = source[grey ? from : from + 2];
            if (channels == 4)
            {
                target[to + 3] = alpha < 0 ? (byte)255 : source[from + alpha];
            }
        }

        return result;
    }
}
