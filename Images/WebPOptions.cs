using NodeHost.Images.Png;

namespace NodeHost.Images;

/// <summary>How a WebP is written.</summary>
/// <param name="Quality">1 to 100.</param>
/// <param name="Lossless">Keeps every pixel.</param>
/// <param name="Effort">0 (fast) to 6 (small).</param>
/// <param name="FrameMilliseconds">How long each frame of an animation stays.</param>
public sealed record WebPOptions(int Quality = 80, bool Lossless = false, int Effort = 4, int FrameMilliseconds = 100)
{
    /// <summary>Texts for the EXIF block, where ComfyUI's frontend looks: `prompt` in tag 0x0110, others from 0x010F down.</summary>
    public IReadOnlyList<PngText> Texts { get; init; } = [];
}
