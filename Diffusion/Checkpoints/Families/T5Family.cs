using NodeHost.Diffusion.Networks.T5;

namespace NodeHost.Diffusion.Checkpoints.Families;

/// <summary>T5 v1.1 encoders, alone or in a Flux checkpoint.</summary>
internal sealed class T5Family : IModelFamily
{
    private static readonly string[] Prefixes = ["text_encoders.t5xxl.transformer.", "t5xxl.transformer.", ""];
    private static readonly string[] Markers =
    [
        "shared.weight",
        "encoder.block.0.layer.0.SelfAttention.relative_attention_bias.weight",
        "encoder.block.0.layer.1.DenseReluDense.wi_0.weight",
    ];

    public string Name => "T5";

    public ModelPart? Recognise(IWeightSource source)
    {
        if (KeyPrefix.Find(source, Prefixes, Markers) is not { } prefix)
        {
            return null;
        }
        using var weights = new WeightSet(source, prefix: prefix);
        var config = T5Config.From(weights.Root);
        return new TextEncoderPart(source, prefix)
        {
            Family = Name,
            Encoder = "t5xxl",
            Width = config.Width,
            TokenCount = config.Vocabulary,
            Network = w => new T5Model(w, config),
        };
    }
}
