namespace NodeHost.Diffusion.Checkpoints;

/// <summary>OpenCLIP's text tower under transformers' names: q, k and v in one matrix there, the projection turned.</summary>
/// <remarks>Layout (MIT): https://github.com/mlfoundations/open_clip/blob/main/src/open_clip/transformer.py</remarks>
internal static class OpenClipLayout
{
    private static readonly (string Open, string Transformers)[] Layers =
    [
        ("ln_1", "layer_norm1"),
        ("ln_2", "layer_norm2"),
        ("mlp.c_fc", "mlp.fc1"),
        ("mlp.c_proj", "mlp.fc2"),
        ("attn.out_proj", "self_attn.out_proj"),
    ];
    private static readonly string[] Kinds = ["weight", "bias"];
    private static readonly string[] Projections = ["q_proj", "k_proj", "v_proj"];

    /// <summary>A key that only this layout has, and that every file in it has.</summary>
    public const string Marker = "transformer.resblocks.0.attn.in_proj_weight";

    /// <param name="source">The file.</param>
    /// <param name="prefix">What it puts before OpenCLIP's names; transformers' are given without.</param>
    public static IWeightSource Over(IWeightSource source, string prefix)
    {
        var converted = new ConvertedSource(source);
        converted.Add("text_model.embeddings.token_embedding.weight", $"{prefix}token_embedding.weight");
        converted.Add("text_model.embeddings.position_embedding.weight", $"{prefix}positional_embedding");
        converted.Add("logit_scale", $"{prefix}logit_scale");
        converted.Add("text_projection.weight", $"{prefix}text_projection.weight");
        converted.AddTransposed("text_projection.weight", $"{prefix}text_projection");
        foreach (var kind in Kinds)
        {
            converted.Add($"text_model.final_layer_norm.{kind}", $"{prefix}ln_final.{kind}");
        }
        for (var index = 0; source.Entries.ContainsKey($"{prefix}{Block(index)}.attn.in_proj_weight"); index++)
        {
            AddBlock(converted, source, prefix + Block(index), $"text_model.encoder.layers.{index}");
        }
        return converted;
    }

    private static string Block(int index) => $"transformer.resblocks.{index}";

    private static void AddBlock(ConvertedSource converted, IWeightSource source, string open, string transformers)
    {
        foreach (var kind in Kinds)
        {
            foreach (var layer in Layers)
            {
                converted.Add($"{transformers}.{layer.Transformers}.{kind}", $"{open}.{layer.Open}.{kind}");
            }
            var fused = $"{open}.attn.in_proj_{kind}";
            var rows = (source.Entries.GetValueOrDefault(fused)?.Shape[0] ?? 0) / Projections.Length;
            for (var part = 0; part < Projections.Length; part++)
            {
                converted.AddRows($"{transformers}.self_attn.{Projections[part]}.{kind}", fused, part * rows, rows);
            }
        }
    }
}
