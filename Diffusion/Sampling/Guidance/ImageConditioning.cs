using NodeHost.Diffusion.Conditions;
using NodeHost.Diffusion.Models;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.Sampling.Guidance;

/// <summary>The channels that image-conditioned networks want behind the noisy latent; told apart by how many there are.</summary>
internal static class ImageConditioning
{
    /// <summary>Each latent pixel's 8x8 picture pixels, as channels of a mask.</summary>
    private const int Block = 8;

    /// <summary>The SD1.5 latent of a picture under a full mask, which the inpainting model was trained with.</summary>
    private static readonly float[] BlankLatent = [0.8223f, -0.6876f, 0.6364f, 0.1380f];

    /// <summary>The channels for one entry, or null where the network wants none.</summary>
    public static Tensor? Prepare(ConditioningEntry entry, IDiffusionNetwork network, SamplingCanvas canvas)
    {
        var channels = network.LatentChannels;
        var extra = network.InputChannels - channels;
        return extra switch
        {
            <= 0 => null,
            _ when extra == channels + 1 => MaskAndImage(entry, canvas),
            _ when extra == channels => Image(entry, canvas),
            _ when extra == channels + (Block * Block) => Tensor.Concat(
                [Image(entry, canvas), MaskBlocks(entry, canvas)],
                1
            ),
            _ => throw new NotSupportedException(
                $"The network takes {network.InputChannels} channels for a latent of {channels}: expected {channels}, "
                    + $"{2 * channels}, {(2 * channels) + 1} or {(2 * channels) + (Block * Block)}. Use an inpainting, "
                    + "Fill or image-conditioned checkpoint of SD1.5 or Flux."
            ),
        };
    }

    /// <summary>SD1.5 inpainting: the rounded mask, then the picture's latent without what is masked.</summary>
    private static Tensor MaskAndImage(ConditioningEntry entry, SamplingCanvas canvas)
    {
        if ((entry.ConcatMask ?? canvas.Mask) is not { } given)
        {
            var ones = Tensor.Ones([canvas.Batch, 1, canvas.Height, canvas.Width], device: canvas.Device);
            var blank = Tensor.From(BlankLatent, 1, BlankLatent.Length, 1, 1).To(canvas.Device);
            return Tensor.Concat([ones, blank.Expand(canvas.Batch, -1, canvas.Height, canvas.Width)], 1);
        }
        var image = entry.ConcatLatentImage is { } own ? canvas.Format.ProcessIn(own.To(canvas.Device)) : canvas.Latent;
        image = LatentResizing.FitCentred(image, canvas.Height, canvas.Width);
        var mask = FirstChannel(given).To(canvas.Device);
        mask = LatentResizing.FitCentred(mask, canvas.Height, canvas.Width).Round();
        return Tensor.Concat(
            [LatentResizing.SpreadOverBatch(mask, canvas.Batch), LatentResizing.SpreadOverBatch(image, canvas.Batch)],
            1
        );
    }

    private static Tensor Image(ConditioningEntry entry, SamplingCanvas canvas)
    {
        var image = entry.ConcatLatentImage?.To(canvas.Device);
        image ??= Tensor.Zeros(
            [canvas.Batch, canvas.Format.Channels, canvas.Height, canvas.Width],
            device: canvas.Device
        );
        image = LatentResizing.FitCentred(image, canvas.Height, canvas.Width);
        var scaled = canvas.Format.ScalesPictures ? canvas.Format.ProcessIn(image) : image;
        return LatentResizing.SpreadOverBatch(scaled, canvas.Batch);
    }

    /// <summary>Flux Fill: the mask at the picture's size, each 8x8 block as channels (row in block, then column).</summary>
    private static Tensor MaskBlocks(ConditioningEntry entry, SamplingCanvas canvas)
    {
        var mask = (entry.ConcatMask ?? canvas.Mask)?.To(canvas.Device);
        mask ??= Tensor.Ones([canvas.Batch, 1, canvas.Height, canvas.Width], device: canvas.Device);
        var single = mask.Rank == 4 ? mask.Mean([1], keepDimensions: true) : FirstChannel(mask);
        var full = LatentResizing.FitCentred(single, canvas.Height * Block, canvas.Width * Block);
        var blocks = full.Reshape(-1, canvas.Height, Block, canvas.Width, Block)
            .Permute(0, 2, 4, 1, 3)
            .Reshape(-1, Block * Block, canvas.Height, canvas.Width);
        return LatentResizing.SpreadOverBatch(blocks, canvas.Batch);
    }

    private static Tensor FirstChannel(Tensor mask)
    {
        var single = mask.Rank == 4 ? mask.Slice(1, 0, 1) : mask;
        return single.Reshape(-1, 1, single.Length(-2), single.Length(-1));
    }
}
