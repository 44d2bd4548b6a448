using NodeHost.Diffusion.Models;
using NodeHost.Diffusion.Networks.Flux;
using NodeHost.Diffusion.Sampling;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.Checkpoints.Families;

/// <summary>FLUX.1: dev and what has its shape (Krea, Kontext), schnell, Fill; with BFL's or diffusers' names.</summary>
internal sealed class FluxFamily : IModelFamily
{
    private static readonly string[] Prefixes = ["model.diffusion_model.", "diffusion_model.", ""];
    private static readonly string[] Markers =
    [
        "img_in.weight",
        "txt_in.weight",
        "vector_in.in_layer.weight",
        "double_blocks.0.img_attn.norm.key_norm.scale",
        "final_layer.linear.weight",
    ];

    private static readonly string[] DiffusersPrefixes = ["model.diffusion_model.", "transformer.", ""];
    private static readonly string[] DiffusersMarkers =
    [
        "x_embedder.weight",
        "context_embedder.weight",
        "time_text_embed.text_embedder.linear_1.weight",
        "transformer_blocks.0.attn.norm_added_k.weight",
        "single_transformer_blocks.0.proj_mlp.weight",
        "norm_out.linear.weight",
    ];

    public string Name => "Flux";

    public ModelPart? Recognise(IWeightSource source)
    {
        if (KeyPrefix.Find(source, Prefixes, Markers) is { } prefix)
        {
            return Match(source, prefix);
        }
        return KeyPrefix.Find(source, DiffusersPrefixes, DiffusersMarkers) is { } diffusersPrefix
            ? Match(new FluxDiffusersSource(source, diffusersPrefix), "")
            : null;
    }

    private DiffusionPart Match(IWeightSource source, string prefix)
    {
        using var weights = new WeightSet(source, prefix: prefix);
        var config = FluxConfig.From(weights.Root);
        return new DiffusionPart(source, prefix)
        {
            HalfTypes = [DType.BFloat16, DType.Float16],
            Family = Name,
            Variant = VariantOf(config),
            LatentFormat = LatentFormat.Flux,
            // schnell was distilled without a shift of its times.
            Sampling = () =>
                config.HasGuidance ? new FluxModelSampling() : new DiscreteFlowModelSampling(multiplier: 1),
            Network = w => new FluxModel(w, config),
        };
    }

    private static string VariantOf(FluxConfig config)
    {
        var training = config.HasGuidance ? "dev" : "schnell";
        return (config.InputChannels - config.OutputChannels) switch
        {
            0 => training,
            // A masked picture, and the 8x8 pixels of the mask behind each latent element.
            16 + 64 => "fill",
            var extra => $"{training} +{extra} channels",
        };
    }
}
