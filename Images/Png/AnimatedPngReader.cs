namespace NodeHost.Images.Png;

/// <summary>Reads the frames of an animated PNG: each is a small PNG of its own, laid onto what was there before.</summary>
/// <remarks>https://www.w3.org/TR/png-3/#apng-frame-based-animation</remarks>
internal static class AnimatedPngReader
{
    /// <summary>Null when there is no animation after all: the first picture then is the whole file.</summary>
    public static DecodedImage? TryRead(ReadOnlyMemory<byte> file, string name, DecodeLimits limits)
    {
        var header = PngHeader.TryRead(file.Span)!;
        var frames = Collect(file);
        if (frames.Count < 2)
        {
            return null;
        }

        ImageDecoder.CheckSize(header.Width, header.Height, frames.Count, name, limits);
        var global = PngChunk
            .ReadAll(file)
            .TakeWhile(chunk => chunk.Type != "IDAT")
            .Where(chunk => chunk.Type is "IHDR" or "PLTE" or "tRNS")
            .ToList();
        var canvas = new PixelBuffer(header.Width, header.Height, 4);
        var pictures = new List<PixelBuffer>();
        var alpha = AlphaSource.None;
        foreach (var frame in frames)
        {
            if (!frame.FitsInto(canvas))
            {
                throw new ImageException(
                    $"{name}: frame {pictures.Count} of the animated PNG lies outside its {canvas.Width}x{canvas.Height} "
                        + "canvas. The file is damaged: save it again."
                );
            }

            var picture = ImageDecoder.DecodeWithVips(frame.ToFile(global), name, limits, header);
            alpha = picture.Alpha == AlphaSource.None ? alpha : picture.Alpha;
            var before = frame.Dispose == AnimatedPngFrame.DisposeToPrevious ? (byte[])canvas.Data.Clone() : null;
            frame.Paint(picture.Frames[0].ToChannels(4), canvas);
            pictures.Add(new PixelBuffer(canvas.Width, canvas.Height, 4, (byte[])canvas.Data.Clone()));
            if (before is not null)
            {
                before.CopyTo(canvas.Data, 0);
            }
            else if (frame.Dispose == AnimatedPngFrame.DisposeToBackground)
            {
                frame.Clear(canvas);
            }
        }

        // A frame smaller than the canvas can leave holes in an animation without alpha.
        var channels = alpha == AlphaSource.None ? 3 : 4;
        return new DecodedImage([.. pictures.Select(picture => picture.ToChannels(channels))], alpha);
    }

    private static List<AnimatedPngFrame> Collect(ReadOnlyMemory<byte> file)
    {
        var frames = new List<AnimatedPngFrame>();
        foreach (var chunk in PngChunk.ReadAll(file))
        {
            if (chunk.Type == "fcTL" && chunk.Data.Length == 26)
            {
                frames.Add(AnimatedPngFrame.FromControl(chunk.Data.Span));
            }
            else if (chunk.Type == "IDAT" && frames.Count == 1)
            {
                frames[0].Data.Add(chunk.Data);
            }
            else if (chunk.Type == "fdAT" && frames.Count > 0 && chunk.Data.Length > 4)
            {
                frames[^1].Data.Add(chunk.Data[4..]);
            }
        }

        return [.. frames.Where(frame => frame.Data.Count > 0)];
    }
}
