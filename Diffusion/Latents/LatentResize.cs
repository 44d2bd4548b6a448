using NodeHost.Tensors;

namespace NodeHost.Diffusion.Latents;

/// <summary>Resizes latents and feature maps [B, C, H, W] by the names that workflows have for methods.</summary>
public static class LatentResize
{
    public const string Bislerp = "bislerp";

    /// <summary>The resized map; the same one where it has the size already.</summary>
    public static Tensor To(Tensor x, long width, long height, string method)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (x.Length(2) == height && x.Length(3) == width)
        {
            return x;
        }
        return method == Bislerp
            ? Latents.Bislerp.Resize(x, width, height)
            : Functional.Interpolate(x, height, width, Parse(method));
    }

    private static InterpolationMode Parse(string method) =>
        method switch
        {
            "nearest-exact" => InterpolationMode.NearestExact,
            "bilinear" => InterpolationMode.Bilinear,
            "bicubic" => InterpolationMode.Bicubic,
            "area" => InterpolationMode.Area,
            _ => throw new ArgumentException(
                $"Resizing: expected {Bislerp}, nearest-exact, bilinear, bicubic or area, got '{method}'.",
                nameof(method)
            ),
        };
}
