using NodeHost.Diffusion.Checkpoints;
using NodeHost.Diffusion.Models;
using NodeHost.Diffusion.Sampling.Parameterizations;

namespace NodeHost.Nodes.ModelMerging;

/// <summary>What a checkpoint's header says of the model.</summary>
/// <remarks>Keys: https://github.com/Stability-AI/ModelSpec</remarks>
internal static class ModelMetadata
{
    public static IReadOnlyList<KeyValuePair<string, string>> Of(DiffusionModel model, string title)
    {
        if (model.Source.Parts is not [DiffusionPart part, ..])
        {
            return [];
        }
        var texts = new List<KeyValuePair<string, string>>();
        if (Architecture(part) is { } architecture)
        {
            texts.Add(new("modelspec.architecture", architecture));
            texts.Add(new("modelspec.sai_model_spec", "1.0.0"));
            texts.Add(new("modelspec.implementation", "sgm"));
            texts.Add(new("modelspec.title", title));
        }
        if (PredictionKey(part) is { } key)
        {
            texts.Add(new("modelspec.predict_key", key));
        }
        return texts;
    }

    private static string? Architecture(DiffusionPart part) =>
        part.Family != "SDXL" ? null
        : part.Variant.StartsWith("refiner", StringComparison.Ordinal) ? "stable-diffusion-xl-v1-refiner"
        : part.Variant.Contains("instruct-pix2pix", StringComparison.Ordinal) ? "stable-diffusion-xl-v1-edit"
        : "stable-diffusion-xl-v1-base";

    private static string? PredictionKey(DiffusionPart part) =>
        part.Sampling().Prediction switch
        {
            EpsPrediction => "epsilon",
            VelocityPrediction => "v",
            _ => null,
        };
}
