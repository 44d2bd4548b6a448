using NodeHost.Diffusion.Networks.Clip;

namespace NodeHost.Diffusion.Checkpoints.Families;

/// <summary>OpenCLIP's bigG text encoder, one of SDXL's, alone or in a checkpoint; with OpenCLIP's names or transformers'.</summary>
internal sealed class OpenClipTextFamily : IModelFamily
{
    private const string TokenEmbedding = "text_model.embeddings.token_embedding.weight";

    /// <summary>ViT-H, of SD2, is not as deep.</summary>
    private const string DeepLayer = "text_model.encoder.layers.30.mlp.fc1.weight";

    /// <summary>Where SDXL's base and its refiner have it: what stands there is bigG, whatever its size.</summary>
    private static readonly string[] SdxlPrefixes =
    [
        "conditioner.embedders.1.model.",
        "conditioner.embedders.0.model.",
    ];
    private static readonly string[] OpenClipPrefixes = ["text_encoders.clip_g.", "clip_g.", "model.", ""];
    private static readonly string[] TransformersPrefixes =
    [
        "conditioner.embedders.1.transformer.",
        "text_encoders.clip_g.transformer.",
        "clip_g.transformer.",
        "text_encoder_2.",
        "",
    ];

    public string Name => "CLIP-G";

    public ModelPart? Recognise(IWeightSource source)
    {
        if (KeyPrefix.Find(source, SdxlPrefixes, OpenClipLayout.Marker) is { } sdxlPrefix)
        {
            return Match(OpenClipLayout.Over(source, sdxlPrefix), "");
        }
        if (KeyPrefix.Find(source, OpenClipPrefixes, OpenClipLayout.Marker) is { } prefix)
        {
            var converted = OpenClipLayout.Over(source, prefix);
            return converted.Entries.ContainsKey(DeepLayer) ? Match(converted, "") : null;
        }
        return KeyPrefix.Find(source, TransformersPrefixes, TokenEmbedding, DeepLayer) is { } transformersPrefix
            ? Match(source, transformersPrefix)
            : null;
    }

    private TextEncoderPart Match(IWeightSource source, string prefix)
    {
        using var weights = new WeightSet(source, prefix: prefix);
        var config = ClipTextConfig.From(weights.Root) with { QuickGelu = false };
        return new TextEncoderPart(source, prefix)
        {
            Family = Name,
            Encoder = "g",
            Width = config.Width,
            TokenCount = config.Vocabulary,
            Network = w => new ClipTextModel(w, config),
        };
    }
}
