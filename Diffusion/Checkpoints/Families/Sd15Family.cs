using NodeHost.Diffusion.Models;
using NodeHost.Diffusion.Networks.UNet;
using NodeHost.Diffusion.Sampling;
using NodeHost.Diffusion.Sampling.Parameterizations;

namespace NodeHost.Diffusion.Checkpoints.Families;

/// <summary>Stable Diffusion 1.x: a UNet whose transformers stand between 1x1 convolutions.</summary>
internal sealed class Sd15Family : IModelFamily
{
    public string Name => "SD1.5";

    public ModelPart? Recognise(IWeightSource source) =>
        StableDiffusionUNet.Find(source)
            is {
                Config: { LinearProjections: false, VectorWidth: 0, ContextWidth: > 0 } config,
                Variant: { } variant
            } unet
            ? new DiffusionPart(unet.Source, unet.Prefix)
            {
                Family = Name,
                Variant = variant,
                LatentFormat = LatentFormat.Sd15,
                Sampling = () => new DiscreteModelSampling(new EpsPrediction()),
                Network = w => new UNetModel(w, config),
            }
            : null;
}
