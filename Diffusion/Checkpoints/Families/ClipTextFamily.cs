using NodeHost.Diffusion.Networks.Clip;

namespace NodeHost.Diffusion.Checkpoints.Families;

/// <summary>CLIP-L text encoders, alone or in a checkpoint; also without <c>text_model.</c>, as some merges are.</summary>
internal sealed class ClipTextFamily : IModelFamily
{
    private const string TextModel = "text_model.";
    private const string TokenEmbedding = "embeddings.token_embedding.weight";
    private static readonly string[] Prefixes =
    [
        "cond_stage_model.transformer.",
        "conditioner.embedders.0.transformer.",
        "text_encoders.clip_l.transformer.",
        "clip_l.transformer.",
        "text_encoder.",
        "",
    ];

    public string Name => "CLIP-L";

    public ModelPart? Recognise(IWeightSource source)
    {
        if (KeyPrefix.Find(source, Prefixes, TextModel + TokenEmbedding) is { } prefix)
        {
            return Match(source, prefix);
        }
        return KeyPrefix.Find(source, Prefixes, TokenEmbedding, "encoder.layers.0.mlp.fc1.weight") is { } bare
            ? Match(new RenamedSource(source, key => WithTextModel(key, bare)), bare)
            : null;
    }

    private TextEncoderPart? Match(IWeightSource source, string prefix)
    {
        using var weights = new WeightSet(source, prefix: prefix);
        var config = ClipTextConfig.From(weights.Root);
        return !config.QuickGelu
            ? null
            : new TextEncoderPart(source, prefix)
            {
                Family = Name,
                Encoder = "l",
                Width = config.Width,
                TokenCount = config.Vocabulary,
                Network = w => new ClipTextModel(w, config),
            };
    }

    private static string WithTextModel(string key, string prefix)
    {
        string[] moved = ["embeddings.", "encoder.", "final_layer_norm."];
        return
            key.StartsWith(prefix, StringComparison.Ordinal)
            && moved.Any(part => key.AsSpan(prefix.Length).StartsWith(part, StringComparison.Ordinal))
            ? prefix + TextModel + key[prefix.Length..]
            : key;
    }
}
