using NodeHost.Diffusion.Layers;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.Conditions;

/// <summary>How the sizes of a picture join the pooled text in the vector that an SDXL network is conditioned on.</summary>
/// <remarks>
/// "SDXL: Improving Latent Diffusion Models for High-Resolution Image Synthesis", Podell et al. 2023, section 2.2; the order
/// is that of generative-models' configurations (MIT): https://github.com/Stability-AI/generative-models/tree/main/configs/inference
/// </remarks>
public sealed class SizeConditioning
{
    private const long NumberWidth = 256;
    private const double LikedScore = 6;
    private const double DislikedScore = 2.5;

    private readonly int _count;
    private readonly Func<PictureSizes, long, long, double, double[]> _numbers;

    private SizeConditioning(int count, Func<PictureSizes, long, long, double, double[]> numbers)
    {
        _count = count;
        _numbers = numbers;
    }

    /// <summary>Size, place of the cut, size wanted; each as height, then width.</summary>
    public static SizeConditioning SdxlBase { get; } =
        new(
            6,
            (sizes, height, width, _) =>
                [
                    height,
                    width,
                    sizes.CropHeight,
                    sizes.CropWidth,
                    sizes.TargetHeight ?? height,
                    sizes.TargetWidth ?? width,
                ]
        );

    /// <summary>Size, place of the cut, aesthetic score.</summary>
    public static SizeConditioning SdxlRefiner { get; } =
        new(5, (sizes, height, width, score) => [height, width, sizes.CropHeight, sizes.CropWidth, score]);

    /// <summary>How many numbers of the vector are the sizes'.</summary>
    public long Width => _count * NumberWidth;

    /// <summary>The vector [B, pooled + <see cref="Width"/>].</summary>
    /// <param name="entry">The conditioning.</param>
    /// <param name="height">Height of the picture that is made, in pixels.</param>
    /// <param name="width">Its width.</param>
    /// <param name="isNegative">Whether it is what guidance leads away from.</param>
    /// <param name="device">Where the network computes.</param>
    public Tensor Vector(ConditioningEntry entry, long height, long width, bool isNegative, Device device)
    {
        ArgumentNullException.ThrowIfNull(entry);
        if (entry.Pooled is not { } pooled)
        {
            throw new ArgumentException(
                "SDXL: the conditioning has no pooled text, which comes from CLIP-G. Encode the prompt with SDXL's text encoders."
            );
        }
        var sizes = entry.Sizes ?? new PictureSizes();
        var numbers = _numbers(
            sizes,
            sizes.Height ?? height,
            sizes.Width ?? width,
            sizes.AestheticScore ?? (isNegative ? DislikedScore : LikedScore)
        );
        var given = Tensor.From([.. numbers.Select(number => (float)number)], numbers.Length);
        var embedded = TimestepEmbedding.Sinusoids(given, NumberWidth).Reshape(1, -1).To(device);
        var text = pooled.To(device);
        return Tensor.Concat([text, embedded.Expand(text.Length(0), -1)], 1);
    }
}
