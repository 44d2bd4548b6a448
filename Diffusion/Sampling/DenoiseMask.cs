using NodeHost.Tensors;

namespace NodeHost.Diffusion.Sampling;

/// <summary>Fits a mask, as users draw it, to a latent.</summary>
public static class DenoiseMask
{
    /// <summary>The mask, resized bilinearly and repeated to the latent's shape.</summary>
    /// <param name="mask">[H, W], [B, H, W] or [B, 1, H, W], of any size.</param>
    /// <param name="shape">Shape of the latent [B, C, H, W].</param>
    public static Tensor Prepare(Tensor mask, ReadOnlySpan<long> shape)
    {
        ArgumentNullException.ThrowIfNull(mask);
        using var scope = new TensorScope();
        var fitted = mask.Reshape(-1, 1, mask.Length(-2), mask.Length(-1)).To(DType.Float32);
        fitted = Functional.Interpolate(fitted, shape[^2], shape[^1], InterpolationMode.Bilinear);
        fitted = fitted.Expand(-1, shape[1], -1, -1);
        return scope.Keep(RepeatToBatch(fitted, shape[0]).Contiguous());
    }

    /// <summary>The first samples, repeated from the start where there are too few.</summary>
    public static Tensor RepeatToBatch(Tensor tensor, long batch)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        var given = tensor.Length(0);
        if (given == batch)
        {
            return tensor;
        }
        if (given > batch)
        {
            return tensor.Slice(0, 0, batch);
        }
        var copies = (int)((batch + given - 1) / given);
        return Tensor.Concat([.. Enumerable.Repeat(tensor, copies)], 0).Slice(0, 0, batch);
    }
}
