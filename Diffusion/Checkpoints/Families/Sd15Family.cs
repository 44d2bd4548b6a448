using NodeHost.Diffusion.Models;
using NodeHost.Diffusion.Networks.UNet;
using NodeHost.Diffusion.Sampling;
using NodeHost.Diffusion.Sampling.Parameterizations;

namespace NodeHost.Diffusion.Checkpoints.Families;

/// <summary>Stable Diffusion 1.x: a UNet whose transformers stand between 1x1 convolutions.</summary>
internal sealed class Sd15Family : IModelFamily
{
    private const long PlainChannels = 4;
    private const long InpaintingChannels = 9;

    public string Name => "SD1.5";

    public ModelPart? Recognise(IWeightSource source)
    {
        if (
            StableDiffusionUNet.Find(source) is not (var prefix, { LinearProjections: false, VectorWidth: 0 } config)
            || config.ContextWidth == 0
            || config.InputChannels is not (PlainChannels or InpaintingChannels)
        )
        {
            return null;
        }
        return new DiffusionPart(source, prefix)
        {
            Family = Name,
            Variant = config.InputChannels == InpaintingChannels ? "inpainting" : "",
            LatentFormat = LatentFormat.Sd15,
            Sampling = () => new DiscreteModelSampling(new EpsPrediction()),
            Network = w => new UNetModel(w, config),
        };
    }
}
