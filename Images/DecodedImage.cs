namespace NodeHost.Images;

/// <summary>A picture as ComfyUI sees it: upright RGB or RGBA frames of one size, 8 bits a channel.</summary>
public sealed record DecodedImage(IReadOnlyList<PixelBuffer> Frames, AlphaSource Alpha)
{
    public int Width => Frames[0].Width;

    public int Height => Frames[0].Height;
}
