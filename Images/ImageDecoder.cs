using NodeHost.Images.Metadata;
using NodeHost.Images.Native;
using NodeHost.Images.Png;

namespace NodeHost.Images;

/// <summary>Reads any format libvips trusts into upright 8-bit frames; cut, hostile and oversized files are refused.</summary>
/// <remarks>
/// The reduction to 8 bits is Pillow's, because ComfyUI's pixels are Pillow's: the high byte of 16-bit colour, 16-bit
/// grey of a PNG times 1/255 and clipped.
/// </remarks>
public static class ImageDecoder
{
    private const int FailOnTruncated = 1;
    private const int SequentialAccess = 1;
    private const int StandardRgb = 22;

    public static DecodedImage DecodeFile(string path, DecodeLimits? limits = null) =>
        Decode(File.ReadAllBytes(path), Path.GetFileName(path), limits);

    /// <param name="data">The whole file.</param>
    /// <param name="name">What messages call the picture.</param>
    /// <param name="limits">Bounds on what is decoded; Pillow's when null.</param>
    public static DecodedImage Decode(ReadOnlyMemory<byte> data, string name, DecodeLimits? limits = null)
    {
        limits ??= new DecodeLimits();
        if (BitmapDecoder.Recognises(data.Span))
        {
            return BitmapDecoder.Decode(data.Span, name, limits);
        }

        var header = PngHeader.TryRead(data.Span);
        return header is { IsAnimated: true } && AnimatedPngReader.TryRead(data, name, limits) is { } animation
            ? animation
            : DecodeWithVips(data.Span, name, limits, header);
    }

    /// <summary>Reads the header only: refuses what is no picture, or claims to be too large.</summary>
    /// <param name="data">The whole file.</param>
    /// <param name="name">What messages call the picture.</param>
    /// <param name="limits">Bounds on what may be claimed; Pillow's when null.</param>
    public static unsafe void Inspect(ReadOnlySpan<byte> data, string name, DecodeLimits? limits = null)
    {
        limits ??= new DecodeLimits();
        if (BitmapDecoder.Recognises(data))
        {
            var size = BitmapDecoder.ReadSize(data, name);
            CheckSize(size.Width, size.Height, 1, name, limits);
            return;
        }

        fixed (byte* bytes = data)
        {
            var loader = RequireLoader(bytes, data.Length, name);
            using var operation = Open(loader, bytes, data.Length, name, null);
            using var image = operation.GetImage("out");
            // Frames are below one another already, except where pages are opened one by one.
            var paged = loader.Contains("Tiff", StringComparison.Ordinal);
            CheckSize(image.Width, image.Height, paged ? Math.Max(1, image.PageCount) : 1, name, limits);
        }
    }

    internal static unsafe DecodedImage DecodeWithVips(
        ReadOnlySpan<byte> data,
        string name,
        DecodeLimits limits,
        PngHeader? header
    )
    {
        fixed (byte* bytes = data)
        {
            var loader = RequireLoader(bytes, data.Length, name);
            var paged = loader.Contains("Tiff", StringComparison.Ordinal);
            var frames = new List<PixelBuffer>();
            var pageCount = 1;
            for (var page = 0; page < pageCount; page++)
            {
                using var operation = Open(loader, bytes, data.Length, name, paged ? page : null);
                using var image = operation.GetImage("out");
                if (page == 0 && paged)
                {
                    pageCount = Math.Max(1, image.PageCount);
                }

                CheckSize(image.Width, image.Height, paged ? pageCount : 1, name, limits);

                // As ComfyUI does: pages of another size than the first are left out.
                var loaded = Load(image, name, header);
                frames.AddRange(
                    loaded.Where(frame =>
                        frames.Count == 0 || (frame.Width, frame.Height) == (frames[0].Width, frames[0].Height)
                    )
                );
            }

            return Uniform(frames, header);
        }
    }

    internal static void CheckSize(long width, long height, long frames, string name, DecodeLimits limits)
    {
        // Headers claim what they like: the product may exceed 64 bits.
        var pixels = (Int128)width * height * frames;
        if (width < 1 || height < 1 || pixels > limits.MaximumPixels)
        {
            throw new ImageException(
                $"{name}: {width}x{height} pixels in {frames} frames is a decompression bomb or a mistake: expected at most "
                    + $"{limits.MaximumPixels} pixels in all. Scale the picture down first."
            );
        }
    }

    private static unsafe string RequireLoader(byte* bytes, int length, string name) =>
        VipsOperation.FindLoader(bytes, length)
        ?? throw new ImageException(
            $"{name}: no decoder knows these {length} bytes ({VipsRuntime.TakeError()}). "
                + "Expected PNG, JPEG, WebP, GIF, TIFF, BMP or another raster format; save the picture as PNG."
        );

    private static unsafe VipsOperation Open(string loader, byte* bytes, int length, string name, int? page)
    {
        var operation = new VipsOperation(loader);
        try
        {
            // The operation holds a reference of its own.
            using (var blob = new VipsBlob(bytes, length))
            {
                operation.Set("buffer", blob);
            }

            operation.Set("fail-on", FailOnTruncated);
            operation.Set("access", SequentialAccess);
            if (page is { } wanted)
            {
                operation.Set("page", wanted);
            }
            else if (operation.Has("n") && !loader.Contains("Heif", StringComparison.Ordinal))
            {
                operation.Set("n", -1);
            }

            return operation.TryBuild() ? operation : throw Damaged(name);
        }
        catch
        {
            operation.Dispose();
            throw;
        }
    }

    private static IEnumerable<PixelBuffer> Load(VipsImage image, string name, PngHeader? header)
    {
        var orientation = image.Orientation;
        var pageHeight = image.PageHeight;
        var whole = PixelReduction.TryReduce(image, header);
        if (whole is null)
        {
            using var conversion = new VipsOperation("colourspace");
            conversion.Set("in", image);
            conversion.Set("space", StandardRgb);
            if (!conversion.TryBuild())
            {
                throw Damaged(name);
            }

            using var converted = conversion.GetImage("out");
            whole = PixelReduction.TryReduce(converted, header) ?? throw Damaged(name);
        }

        return FrameSplitter.Split(whole, pageHeight).Select(frame => ExifOrientation.Upright(frame, orientation));
    }

    private static DecodedImage Uniform(List<PixelBuffer> frames, PngHeader? header)
    {
        var alpha =
            !frames.Exists(frame => frame.Channels == 4) ? AlphaSource.None
            : header is { HasColourKey: true } ? AlphaSource.ColourKey
            : AlphaSource.Channel;
        var channels = alpha == AlphaSource.None ? 3 : 4;
        return new DecodedImage([.. frames.Select(frame => frame.ToChannels(channels))], alpha);
    }

    private static ImageException Damaged(string name) =>
        new(
            $"{name}: the picture is cut short, damaged or of a kind that is not trusted: {VipsRuntime.TakeError()}. "
                + "Expected a complete raster picture; download or save it again, as PNG."
        );
}
