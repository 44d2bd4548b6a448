using NodeHost.Images.Metadata;
using NodeHost.Images.Native;
using NodeHost.Images.Png;

namespace NodeHost.Images;

/// <summary>Writes 8-bit pictures as the files ComfyUI writes.</summary>
public static class ImageEncoder
{
    private const int AllPngFilters = 0xF8;
    private const int AlwaysSubsample = 1;

    /// <param name="picture">Grey, RGB or RGBA.</param>
    /// <param name="compression">0 to 9; ComfyUI saves with 4 and previews with 1.</param>
    /// <param name="texts">Texts such as `prompt` and `workflow`, written uncompressed behind the header.</param>
    public static byte[] Png(PixelBuffer picture, int compression, IReadOnlyList<PngText>? texts = null)
    {
        var file =
            (long)picture.Width * picture.Height <= SmallPng.MostPixels
                ? SmallPng.Write(picture, compression)
                : LargePng(picture, compression);
        return texts is { Count: > 0 } ? PngTextChunks.Insert(file, texts) : file;
    }

    private static byte[] LargePng(PixelBuffer picture, int compression)
    {
        using var image = VipsImage.FromPixels(picture.Data, picture.Width, picture.Height, picture.Channels);
        using var operation = new VipsOperation("pngsave_buffer");
        operation.Set("in", image);
        operation.Set("compression", compression);
        operation.Set("filter", AllPngFilters);
        operation.Set("strip", true);
        return Finish(operation, "PNG", picture);
    }

    /// <summary>JPEG with halved colour resolution, as Pillow writes it; alpha is dropped.</summary>
    public static byte[] Jpeg(PixelBuffer picture, int quality)
    {
        var opaque = picture.ToChannels(3);
        using var image = VipsImage.FromPixels(opaque.Data, opaque.Width, opaque.Height, 3);
        using var operation = new VipsOperation("jpegsave_buffer");
        operation.Set("in", image);
        operation.Set("Q", quality);
        operation.Set("subsample-mode", AlwaysSubsample);
        operation.Set("strip", true);
        return Finish(operation, "JPEG", opaque);
    }

    /// <summary>A still or animated WebP.</summary>
    public static byte[] WebP(IReadOnlyList<PixelBuffer> frames, WebPOptions options)
    {
        var first = frames[0];
        var pixels = frames.Count == 1 ? first.Data : [.. frames.SelectMany(frame => frame.Data)];
        using var image = VipsImage.FromPixels(pixels, first.Width, first.Height, first.Channels, frames.Count);
        if (frames.Count > 1)
        {
            image.SetDelays([.. Enumerable.Repeat(options.FrameMilliseconds, frames.Count)]);
            image.SetMetadata("loop", 0);
        }

        using var operation = new VipsOperation("webpsave_buffer");
        operation.Set("in", image);
        operation.Set("Q", options.Quality);
        operation.Set("lossless", options.Lossless);
        operation.Set("effort", options.Effort);

        operation.Set("strip", true);
        var file = Finish(operation, "WebP", first);
        return options.Texts.Count > 0 ? WebPExif.Attach(file, options.Texts, first) : file;
    }

    /// <summary>An animated PNG with full frames.</summary>
    public static byte[] AnimatedPng(
        IReadOnlyList<PixelBuffer> frames,
        int frameMilliseconds,
        int compression,
        IReadOnlyList<PngText> texts
    ) =>
        AnimatedPngWriter.Write(
            [.. frames.Select(frame => (ReadOnlyMemory<byte>)Png(frame, compression))],
            frameMilliseconds,
            texts
        );

    private static byte[] Finish(VipsOperation operation, string format, PixelBuffer picture) =>
        operation.TryBuild()
            ? operation.GetBytes("buffer")
            : throw new ImageException(
                $"{format}: a picture of {picture.Width}x{picture.Height} with {picture.Channels} channels cannot be written: "
                    + $"{VipsRuntime.TakeError()}. Resize it to what the format holds (JPEG 65535, WebP 16383 pixels a side)."
            );
}
