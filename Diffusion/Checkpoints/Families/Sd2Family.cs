using NodeHost.Diffusion.Models;
using NodeHost.Diffusion.Networks.UNet;
using NodeHost.Diffusion.Sampling;
using NodeHost.Diffusion.Sampling.Parameterizations;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.Checkpoints.Families;

/// <summary>Stable Diffusion 2.x: a UNet whose transformers stand between linear layers, without a pooled vector.</summary>
internal sealed class Sd2Family : IModelFamily
{
    private const string Telling = "output_blocks.11.1.transformer_blocks.0.norm1.bias";

    public string Name => "SD2";

    public ModelPart? Recognise(IWeightSource source) =>
        StableDiffusionUNet.Find(source)
            is {
                Config: { LinearProjections: true, VectorWidth: 0, ContextWidth: > 0 } config,
                Variant: { } variant
            } unet
            ? new DiffusionPart(unet.Source, unet.Prefix)
            {
                Family = Name,
                Variant = variant,
                LatentFormat = LatentFormat.Sd15,
                Sampling = () =>
                    new DiscreteModelSampling(PredictsVelocity(unet) ? new VelocityPrediction() : new EpsPrediction()),
                Network = w => new UNetModel(w, config),
            }
            : null;

    /// <summary>Files of 2.x do not say what they predict; this bias is spread wider in those trained on velocity.</summary>
    private static bool PredictsVelocity(StableDiffusionUNet unet)
    {
        const double Between = 0.09;
        if (
            unet.Config.InputChannels != StableDiffusionUNet.PlainChannels
            || !unet.Source.Entries.ContainsKey(unet.Prefix + Telling)
        )
        {
            return false;
        }
        using var scope = new TensorScope();
        var bias = unet.Source.Read(unet.Prefix + Telling).To(DType.Float32);
        var spread = bias - bias.Mean();
        return Math.Sqrt((spread * spread).Mean().Item()) > Between;
    }
}
