using NodeHost.Diffusion.Checkpoints;
using NodeHost.Diffusion.Models;
using NodeHost.Diffusion.Sampling;
using NodeHost.Diffusion.Sampling.Parameterizations;
using NodeHost.Diffusion.Text;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.Saving;

/// <summary>
/// Models with what is merged into them, under the names of their original checkpoints. Weights are written in the type
/// that they are computed with, so that the file gives the same picture.
/// </summary>
public static class ModelExport
{
    private const string Diffusion = "model.diffusion_model.";
    private const string Flux = "Flux";

    /// <summary>A checkpoint: the denoising network, and what else there is.</summary>
    public static IReadOnlyList<SavedWeight> Checkpoint(DiffusionModel model, Clip? clip, Vae? vae)
    {
        ArgumentNullException.ThrowIfNull(model);
        var family = model.Source.Parts is [{ Family: var name }, ..] ? name : "";
        return
        [
            .. model.Source.Parts.SelectMany(part => WeightsOf(part, model.Patches, Diffusion)),
            .. (clip?.Encoder.Parts ?? []).SelectMany(part =>
                Encoder(part, clip!.Patches, family, clip.Encoder.Parts.Count)
            ),
            .. (vae?.Parts ?? []).SelectMany(part =>
                WeightsOf(part, [], family == Flux ? "vae." : "first_stage_model.")
            ),
            .. Marks(model),
        ];
    }

    /// <summary>An autoencoder alone.</summary>
    public static IReadOnlyList<SavedWeight> Autoencoder(Vae vae)
    {
        ArgumentNullException.ThrowIfNull(vae);
        return [.. vae.Parts.SelectMany(part => WeightsOf(part, [], ""))];
    }

    /// <summary>Text encoders, each for a file of its own: what the file is called after, and its tensors.</summary>
    public static IReadOnlyList<(string Name, IReadOnlyList<SavedWeight> Weights)> TextEncoders(Clip clip)
    {
        ArgumentNullException.ThrowIfNull(clip);
        return [.. clip.Encoder.Parts.Select(part => (NameOf(part), WeightsOf(part, clip.Patches, "")))];
    }

    /// <summary>A network's weights as they are computed with.</summary>
    internal static IReadOnlyList<SavedWeight> WeightsOf(
        ModelPart part,
        IReadOnlyList<WeightPatch> patches,
        string prefix
    )
    {
        var weights = part.Open(patches, keptBytes: 0);
        part.Build(weights.Root);
        return
        [
            .. weights
                .Asked.Keys.Select(key => key[part.Prefix.Length..])
                .Select(name =>
                {
                    var info = part.Target.Weights[name];
                    var dtype = info.DType.IsFloatingPoint() ? part.Storage ?? DType.Float32 : info.DType;
                    return new SavedWeight(prefix + name, dtype, info.Shape, () => weights.Read(name).To(dtype));
                }),
        ];
    }

    /// <summary>What ComfyUI calls a text encoder.</summary>
    internal static string NameOf(ModelPart part) =>
        part is TextEncoderPart { Encoder: "l" or "g" or "h" } clip ? $"clip_{clip.Encoder}"
        : part is TextEncoderPart encoder ? encoder.Encoder
        : "";

    private static IReadOnlyList<SavedWeight> Encoder(
        ModelPart part,
        IReadOnlyList<WeightPatch> patches,
        string family,
        int count
    ) =>
        (family, NameOf(part), count) switch
        {
            ("SD1.5", "clip_l", _) => WeightsOf(part, patches, "cond_stage_model.transformer."),
            ("SD2", "clip_h", _) => OpenClipExport.Of(WeightsOf(part, patches, ""), "cond_stage_model.model."),
            ("SDXL", "clip_l", _) => WeightsOf(part, patches, "conditioner.embedders.0.transformer."),
            ("SDXL", "clip_g", 1) => OpenClipExport.Of(WeightsOf(part, patches, ""), "conditioner.embedders.0.model."),
            ("SDXL", "clip_g", _) => OpenClipExport.Of(WeightsOf(part, patches, ""), "conditioner.embedders.1.model."),
            (_, var name, _) => WeightsOf(part, patches, $"text_encoders.{name}.transformer."),
        };

    /// <summary>Empty tensors whose keys tell loaders what an SDXL network predicts.</summary>
    private static IEnumerable<SavedWeight> Marks(DiffusionModel model)
    {
        if (model.Sampling is ContinuousModelSampling { Prediction: VelocityPrediction } continuous)
        {
            yield return Number("edm_vpred.sigma_max", continuous.SigmaMax);
            yield return Number("edm_vpred.sigma_min", continuous.SigmaMin);
        }
        else if (model.PredictsVelocity())
        {
            yield return new("v_pred", DType.Float32, [0], () => Tensor.Zeros([0]));
            if (model.Sampling is DiscreteModelSampling { HasZeroTerminalSnr: true })
            {
                yield return new("ztsnr", DType.Float32, [0], () => Tensor.Zeros([0]));
            }
        }
    }

    private static SavedWeight Number(string key, double value) =>
        new(key, DType.Float32, [], () => Tensor.FromScalar(value));

    private static bool PredictsVelocity(this DiffusionModel model) =>
        model.Source.Parts is [DiffusionPart part, ..] && part.Sampling().Prediction is VelocityPrediction;
}
