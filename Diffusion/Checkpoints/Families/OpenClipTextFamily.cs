using NodeHost.Diffusion.Networks.Clip;

namespace NodeHost.Diffusion.Checkpoints.Families;

/// <summary>
/// OpenCLIP's text encoders, alone or in a checkpoint, with OpenCLIP's names or transformers': bigG, one of SDXL's, and
/// ViT-H of SD2.
/// </summary>
internal sealed class OpenClipTextFamily : IModelFamily
{
    private const string BigG = "g";
    private const string Huge = "h";
    private const string TokenEmbedding = "text_model.embeddings.token_embedding.weight";

    /// <summary>Only bigG is so deep.</summary>
    private const string DeepLayer = "text_model.encoder.layers.30.mlp.fc1.weight";

    /// <summary>CLIP-L is not so deep.</summary>
    private const string HugeLayer = "text_model.encoder.layers.22.mlp.fc1.weight";

    /// <summary>Where SDXL's base and its refiner have it: what stands there is bigG, whatever its size.</summary>
    private static readonly string[] SdxlPrefixes = ["conditioner.embedders.1.model.", RefinerPrefix];

    private const string RefinerPrefix = "conditioner.embedders.0.model.";

    /// <summary>Where SD2 has it.</summary>
    private static readonly string[] Sd2Prefixes = ["cond_stage_model.model."];
    private static readonly string[] OpenClipPrefixes = ["text_encoders.clip_g.", "clip_g.", "model.", ""];
    private static readonly string[] TransformersPrefixes =
    [
        "conditioner.embedders.1.transformer.",
        "text_encoders.clip_g.transformer.",
        "clip_g.transformer.",
        "cond_stage_model.transformer.",
        "text_encoder_2.",
        "text_encoder.",
        "",
    ];

    public string Name => "CLIP-G and CLIP-H";

    public ModelPart? Recognise(IWeightSource source)
    {
        if (KeyPrefix.Find(source, SdxlPrefixes, OpenClipLayout.Marker) is { } sdxlPrefix)
        {
            return Match(OpenClipLayout.Over(source, sdxlPrefix), "", BigG, sdxlPrefix == RefinerPrefix);
        }
        if (KeyPrefix.Find(source, Sd2Prefixes, OpenClipLayout.Marker) is { } sd2Prefix)
        {
            return Match(OpenClipLayout.Over(source, sd2Prefix), "", Huge);
        }
        if (KeyPrefix.Find(source, OpenClipPrefixes, OpenClipLayout.Marker) is { } prefix)
        {
            var converted = OpenClipLayout.Over(source, prefix);
            return EncoderOf(converted, "") is { } encoder ? Match(converted, "", encoder) : null;
        }
        return
            KeyPrefix.Find(source, TransformersPrefixes, TokenEmbedding, HugeLayer) is { } transformersPrefix
            && EncoderOf(source, transformersPrefix) is { } deep
            ? Match(source, transformersPrefix, deep)
            : null;
    }

    private static string? EncoderOf(IWeightSource source, string prefix) =>
        source.Entries.ContainsKey(prefix + DeepLayer) ? BigG
        : source.Entries.ContainsKey(prefix + HugeLayer) ? Huge
        : null;

    private static TextEncoderPart Match(IWeightSource source, string prefix, string encoder, bool standsAlone = false)
    {
        using var weights = new WeightSet(source, prefix: prefix);
        var config = ClipTextConfig.From(weights.Root) with { QuickGelu = false };
        return new TextEncoderPart(source, prefix)
        {
            Family = encoder == BigG ? "CLIP-G" : "CLIP-H",
            Encoder = encoder,
            StandsAlone = standsAlone,
            Width = config.Width,
            TokenCount = config.Vocabulary,
            Network = w => new ClipTextModel(w, config),
        };
    }
}
