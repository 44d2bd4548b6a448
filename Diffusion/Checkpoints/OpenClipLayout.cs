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
    private static readonly (string Open, string Transformers)[] Ends =
    [
        ("token_embedding.weight", "text_model.embeddings.token_embedding.weight"),
        ("positional_embedding", "text_model.embeddings.position_embedding.weight"),
        ("ln_final.weight", "text_model.final_layer_norm.weight"),
        ("ln_final.bias", "text_model.final_layer_norm.bias"),
        ("logit_scale", "logit_scale"),
    ];
    private static readonly string[] Kinds = ["weight", "bias"];
    private static readonly string[] Projections = ["q_proj", "k_proj", "v_proj"];

    /// <summary>A key that only this layout has, and that every file in it has.</summary>
    public const string Marker = "transformer.resblocks.0.attn.in_proj_weight";

    /// <summary>The projection under transformers' name.</summary>
    public const string Projection = "text_projection.weight";

    /// <summary>OpenCLIP's name for one of transformers' that stands for a tensor of its own; null where there is none.</summary>
    public static string? NameOf(string transformers)
    {
        const string layers = "text_model.encoder.layers.";
        if (!transformers.StartsWith(layers, StringComparison.Ordinal))
        {
            return Array.Find(Ends, end => end.Transformers == transformers).Open;
        }
        var rest = transformers[layers.Length..];
        var dot = rest.IndexOf('.');
        var kind = rest[(rest.LastIndexOf('.') + 1)..];
        var layer = rest[(dot + 1)..^(kind.Length + 1)];
        return Array.Find(Layers, entry => entry.Transformers == layer).Open is { } open
            ? $"transformer.resblocks.{rest[..dot]}.{open}.{kind}"
            : null;
    }

    /// <param name="source">The file.</param>
    /// <param name="prefix">What it puts before OpenCLIP's names; transformers' are given without.</param>
    public static IWeightSource Over(IWeightSource source, string prefix)
    {
        var converted = new ConvertedSource(source);
        foreach (var end in Ends)
        {
            converted.Add(end.Transformers, prefix + end.Open);
        }
        converted.Add(Projection, prefix + Projection);
        converted.AddTransposed(Projection, $"{prefix}text_projection");
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
