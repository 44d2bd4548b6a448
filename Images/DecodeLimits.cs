namespace NodeHost.Images;

/// <summary>What a file may claim before it is refused as a decompression bomb.</summary>
/// <param name="MaximumPixels">
/// Width x height x frames. The default is the number at which Pillow, and so ComfyUI, refuses: a quarter of a gibibyte
/// of 24-bit pixels, twice; as a float32 tensor 2.1 GB.
/// </param>
public sealed record DecodeLimits(long MaximumPixels = DecodeLimits.PillowMaximumPixels)
{
    public const long PillowMaximumPixels = 178_956_970;
}
