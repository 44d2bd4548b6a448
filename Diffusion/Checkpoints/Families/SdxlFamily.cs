using NodeHost.Diffusion.Conditions;
using NodeHost.Diffusion.Models;
using NodeHost.Diffusion.Networks.UNet;
using NodeHost.Diffusion.Sampling;
using NodeHost.Diffusion.Sampling.Parameterizations;

namespace NodeHost.Diffusion.Checkpoints.Families;

/// <summary>
/// Stable Diffusion XL: a UNet that is told the picture's sizes beside the pooled text. The base and the refiner differ in
/// how many numbers they are told, and in whether their text is CLIP-L's and CLIP-G's or CLIP-G's alone.
/// </summary>
/// <remarks>"SDXL: Improving Latent Diffusion Models for High-Resolution Image Synthesis", Podell et al. 2023.</remarks>
internal sealed class SdxlFamily : IModelFamily
{
    private const string Velocity = "v_pred";
    private const string ZeroTerminalSnr = "ztsnr";
    private const string ContinuousVelocity = "edm_vpred.sigma_max";
    private const string ContinuousVelocityEnd = "edm_vpred.sigma_min";
    private const string Playground = "edm_mean";

    public string Name => "SDXL";

    public ModelPart? Recognise(IWeightSource source)
    {
        if (
            StableDiffusionUNet.Find(source) is not { Variant: { } variant } unet
            || SizesOf(unet.Config) is not { } sizes
            || source.Entries.ContainsKey(Playground)
        )
        {
            return null;
        }
        var names = new[] { sizes == SizeConditioning.SdxlRefiner ? "refiner" : "base", variant, TrainingOf(source) };
        return new DiffusionPart(unet.Source, unet.Prefix)
        {
            Family = Name,
            Variant = string.Join(' ', names.Where(name => name.Length > 0)),
            // CosXL's edit model, alone among those that see a picture, has it scaled.
            LatentFormat = source.Entries.ContainsKey(ContinuousVelocity)
                ? LatentFormat.Sdxl with
                {
                    ScalesPictures = true,
                }
                : LatentFormat.Sdxl,
            Sizes = sizes,
            Sampling = () => SamplingOf(source),
            Network = w => new UNetModel(w, unet.Config),
        };
    }

    /// <summary>What remains of the vector beside the sizes is pooled text: the refiner's is as wide as its text.</summary>
    private static SizeConditioning? SizesOf(UNetConfig config)
    {
        if (!config.LinearProjections || config.ContextWidth == 0 || config.VectorWidth == 0)
        {
            return null;
        }
        if (config.VectorWidth == config.ContextWidth + SizeConditioning.SdxlRefiner.Width)
        {
            return SizeConditioning.SdxlRefiner;
        }
        var pooled = config.VectorWidth - SizeConditioning.SdxlBase.Width;
        return pooled > 0 && pooled < config.ContextWidth ? SizeConditioning.SdxlBase : null;
    }

    private static string TrainingOf(IWeightSource source) =>
        source.Entries.ContainsKey(ContinuousVelocity) ? "edm v-prediction"
        : !source.Entries.ContainsKey(Velocity) ? ""
        : source.Entries.ContainsKey(ZeroTerminalSnr) ? "v-prediction zsnr"
        : "v-prediction";

    private static ModelSampling SamplingOf(IWeightSource source)
    {
        if (source.Entries.ContainsKey(ContinuousVelocity))
        {
            return new ContinuousModelSampling(
                new VelocityPrediction(),
                Number(source, ContinuousVelocityEnd),
                Number(source, ContinuousVelocity)
            );
        }
        if (!source.Entries.ContainsKey(Velocity))
        {
            return new DiscreteModelSampling(new EpsPrediction());
        }
        return source.Entries.ContainsKey(ZeroTerminalSnr)
            ? DiscreteModelSampling.WithZeroTerminalSnr(new VelocityPrediction())
            : new DiscreteModelSampling(new VelocityPrediction());
    }

    private static double Number(IWeightSource source, string key)
    {
        using var stored = source.Read(key);
        return stored.Item();
    }
}
