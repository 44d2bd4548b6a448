using NodeHost.Images.Operations;
using NodeHost.Tensors;

namespace NodeHost.Nodes.Latents;

/// <summary>Resizes latents [B, C, H, W] by the names of methods that latent nodes offer.</summary>
internal static class LatentScaling
{
    public const string Bislerp = "bislerp";

    /// <param name="samples">[B, C, H, W].</param>
    /// <param name="width">In latent elements.</param>
    /// <param name="height">In latent elements.</param>
    /// <param name="method">A method of pictures, or bislerp.</param>
    /// <param name="cropCentre">Cuts off first what does not fit the new proportions.</param>
    public static Tensor Resize(Tensor samples, long width, long height, string method, bool cropCentre = false)
    {
        var pictures = samples.Permute(0, 2, 3, 1);
        if (method == Bislerp)
        {
            var cropped = cropCentre ? ImageScaling.CropToProportions(pictures, width, height) : pictures;
            return Diffusion.Latents.Bislerp.Resize(cropped.Permute(0, 3, 1, 2), width, height);
        }
        return ImageScaling.Resize(pictures, width, height, ImageScaling.Parse(method), cropCentre).Permute(0, 3, 1, 2);
    }

    /// <summary>Gives <paramref name="samples"/> the channels' size of <paramref name="like"/> where shapes differ.</summary>
    public static Tensor MatchSize(Tensor samples, Tensor like) =>
        samples.Shape[1..].SequenceEqual(like.Shape[1..])
            ? samples
            : Resize(samples, like.Length(3), like.Length(2), "bilinear", cropCentre: true);

    /// <summary>Gives <paramref name="samples"/> size and batch of <paramref name="like"/>.</summary>
    public static Tensor Match(Tensor samples, Tensor like) =>
        BatchSize.RepeatTo(MatchSize(samples, like), like.Length(0));
}
