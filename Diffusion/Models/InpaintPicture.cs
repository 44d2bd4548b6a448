using NodeHost.Tensors;

namespace NodeHost.Diffusion.Models;

/// <summary>A picture and the mask of what is to be painted anew, brought to the same size.</summary>
/// <param name="Pixels">[B, H, W, 3], sides cropped, centred, to what the autoencoder takes.</param>
/// <param name="Mask">[B, 1, H, W]; 1 = paint anew.</param>
public sealed record InpaintPicture(Tensor Pixels, Tensor Mask)
{
    private const double Grey = 0.5;

    /// <param name="pixels">[B, H, W, C]</param>
    /// <param name="mask">[B, h, w] or [h, w], of any size.</param>
    /// <param name="multiple">What the sides are cropped to multiples of.</param>
    public static InpaintPicture Of(Tensor pixels, Tensor mask, int multiple)
    {
        ArgumentNullException.ThrowIfNull(pixels);
        ArgumentNullException.ThrowIfNull(mask);
        var fitted = Functional.Interpolate(
            mask.Reshape(-1, 1, mask.Length(-2), mask.Length(-1)),
            pixels.Length(1),
            pixels.Length(2),
            InterpolationMode.Bilinear
        );
        var (rows, columns) = (Centre(pixels.Length(1), multiple), Centre(pixels.Length(2), multiple));
        return new(pixels.Slice(1, rows).Slice(2, columns), fitted.Slice(2, rows).Slice(3, columns));
    }

    /// <summary>The picture with middle grey where the mask says to paint.</summary>
    public Tensor Greyed()
    {
        var keep = (1 - Mask.Round()).Permute(0, 2, 3, 1); // [B, H, W, 1]
        return (Pixels.Slice(3, 0, 3) - Grey) * keep + Grey;
    }

    /// <summary>The mask made wider by half of <paramref name="amount"/> on every side, in whole numbers.</summary>
    public Tensor GrownMask(int amount)
    {
        var mask = Mask;
        if (amount > 0)
        {
            var kernel = Tensor.Ones([1, 1, amount, amount], device: Mask.Device);
            var padding = (long)Math.Ceiling((amount - 1) / 2.0);
            mask = Functional.Conv2d(Mask.Round(), kernel, padding: padding).Clamp(0, 1);
        }
        // An even kernel gives one row and column too many.
        return mask.Slice(2, 0, Mask.Length(2)).Slice(3, 0, Mask.Length(3)).Round();
    }

    private static Range Centre(long length, int multiple)
    {
        var kept = (int)(length / multiple * multiple);
        var start = ((int)length - kept) / 2;
        return start..(start + kept);
    }
}
