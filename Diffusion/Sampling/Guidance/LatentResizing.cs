using NodeHost.Tensors;

namespace NodeHost.Diffusion.Sampling.Guidance;

/// <summary>Fits latents and masks that come from elsewhere to a run's latent.</summary>
internal static class LatentResizing
{
    /// <summary>Cropped centred to the target's aspect, then resized bilinearly; x is [B, C, H, W].</summary>
    public static Tensor FitCentred(Tensor x, long height, long width)
    {
        if (x.Length(-2) == height && x.Length(-1) == width)
        {
            return x;
        }
        var (oldHeight, oldWidth) = (x.Length(-2), x.Length(-1));
        var (oldAspect, newAspect) = (oldWidth / (double)oldHeight, width / (double)height);
        var (left, top) = (0L, 0L);
        if (oldAspect > newAspect)
        {
            left = (long)Math.Round((oldWidth - (oldWidth * (newAspect / oldAspect))) / 2, MidpointRounding.ToEven);
        }
        else if (oldAspect < newAspect)
        {
            top = (long)Math.Round((oldHeight - (oldHeight * (oldAspect / newAspect))) / 2, MidpointRounding.ToEven);
        }
        var cropped = x.Slice(-2, top, oldHeight - top).Slice(-1, left, oldWidth - left);
        return Functional.Interpolate(cropped, height, width, InterpolationMode.Bilinear);
    }

    /// <summary>Samples picked evenly, so that a batch of another size spreads over the wanted one.</summary>
    public static Tensor SpreadOverBatch(Tensor x, long batch)
    {
        var given = x.Length(0);
        if (given == batch)
        {
            return x;
        }
        if (batch <= 1)
        {
            return x.Slice(0, 0, batch);
        }
        var picks = new long[batch];
        for (var index = 0; index < batch; index++)
        {
            var pick =
                batch < given
                    ? Math.Round(index * ((given - 1) / (double)(batch - 1)), MidpointRounding.ToEven)
                    : Math.Floor((index + 0.5) * (given / (double)batch));
            picks[index] = Math.Min((long)pick, given - 1);
        }
        return x.IndexSelect(0, Tensor.From(picks, batch).To(x.Device));
    }
}
