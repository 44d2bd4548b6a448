using NodeHost.Images.Resampling;

namespace NodeHost.Images;

/// <summary>Encodes pictures of work in progress as ComfyUI does: bilinear to a longer side, JPEG at quality 95.</summary>
public static class PreviewEncoder
{
    public const int DefaultLongerSide = 512;
    private const int Quality = 95;

    public static byte[] Encode(PixelBuffer picture, int longerSide = DefaultLongerSide) =>
        ImageEncoder.Jpeg(Resampler.FitLongerSide(picture.ToChannels(3), longerSide, ResampleFilter.Bilinear), Quality);
}
