using NodeHost.Tensors;

namespace NodeHost.Images;

/// <summary>Between 8-bit pictures and the float tensors of the graph: [B, H, W, C] with values from 0 to 1.</summary>
public static class ImageTensors
{
    private static readonly float[] Level = [.. Enumerable.Range(0, 256).Select(value => value / 255f)];

    /// <summary>Frames of one size as one batch; [B, H, W, channels], where channels is 3 or 4.</summary>
    public static Tensor ToTensor(IReadOnlyList<PixelBuffer> frames, int channels = 3)
    {
        var first = frames[0];
        var result = Tensor.Empty([frames.Count, first.Height, first.Width, channels]);
        var target = result.AsSpan<float>();
        foreach (var frame in frames)
        {
            var values = frame.ToChannels(channels).Data;
            for (var i = 0; i < values.Length; i++)
            {
                target[i] = Level[values[i]];
            }

            target = target[values.Length..];
        }

        return result;
    }

    /// <summary>One channel of RGBA frames, [B, H, W].</summary>
    public static Tensor ChannelToTensor(IReadOnlyList<PixelBuffer> frames, int channel)
    {
        var first = frames[0];
        var result = Tensor.Empty([frames.Count, first.Height, first.Width]);
        var target = result.AsSpan<float>();
        var next = 0;
        foreach (var frame in frames)
        {
            var values = frame.ToChannels(4).Data;
            for (var i = channel; i < values.Length; i += 4)
            {
                target[next++] = Level[values[i]];
            }
        }

        return result;
    }

    /// <summary>ComfyUI's mask of a picture: 1 - alpha, 1 where it is transparent; [B, H, W].</summary>
    public static Tensor AlphaToMask(IReadOnlyList<PixelBuffer> frames)
    {
        var mask = ChannelToTensor(frames, channel: 3);
        var values = mask.AsSpan<float>();
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = 1 - values[i];
        }

        return mask;
    }

    /// <summary>One picture per element of a batch [B, H, W, C]: 255 x value, clipped, and cut off rather than rounded.</summary>
    public static IReadOnlyList<PixelBuffer> ToPictures(Tensor images)
    {
        if (images.Rank != 4 || images.Length(3) is not (1 or 3 or 4) || images.ElementCount == 0)
        {
            throw new ImageException(
                $"Images: expected pictures of [batch, height, width, 1, 3 or 4 channels], given {images}. "
                    + "Insert a MaskToImage or SplitImageWithAlpha before."
            );
        }

        using var prepared = images.To(Device.Cpu, DType.Float32);
        using var contiguous = prepared.Contiguous();
        var values = contiguous.AsSpan<float>();
        var pictures = new PixelBuffer[images.Length(0)];
        for (var i = 0; i < pictures.Length; i++)
        {
            var picture = new PixelBuffer((int)images.Length(2), (int)images.Length(1), (int)images.Length(3));
            Truncate(values[..picture.Data.Length], picture.Data);
            values = values[picture.Data.Length..];
            pictures[i] = picture;
        }

        return pictures;
    }

    private static void Truncate(ReadOnlySpan<float> values, Span<byte> target)
    {
        for (var i = 0; i < values.Length; i++)
        {
            target[i] = (byte)Math.Clamp(values[i] * 255f, 0f, 255f);
        }
    }
}
