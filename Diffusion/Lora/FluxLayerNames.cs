namespace NodeHost.Diffusion.Lora;

/// <summary>
/// diffusers' names of Flux layers, over BFL's weights: q, k and v (and the single blocks' MLP) are row ranges of one
/// fused weight there.
/// </summary>
/// <remarks>
/// Correspondence (Apache-2.0): https://github.com/huggingface/diffusers/blob/main/scripts/convert_flux_to_diffusers.py
/// </remarks>
internal static class FluxLayerNames
{
    internal static readonly (string Diffusers, string Original)[] OutsideBlocks =
    [
        ("x_embedder", "img_in"),
        ("context_embedder", "txt_in"),
        ("time_text_embed.timestep_embedder.linear_1", "time_in.in_layer"),
        ("time_text_embed.timestep_embedder.linear_2", "time_in.out_layer"),
        ("time_text_embed.text_embedder.linear_1", "vector_in.in_layer"),
        ("time_text_embed.text_embedder.linear_2", "vector_in.out_layer"),
        ("time_text_embed.guidance_embedder.linear_1", "guidance_in.in_layer"),
        ("time_text_embed.guidance_embedder.linear_2", "guidance_in.out_layer"),
        ("proj_out", "final_layer.linear"),
    ];

    private static readonly (string Diffusers, string Original)[] DoubleBlock =
    [
        ("attn.to_out.0", "img_attn.proj"),
        ("attn.to_add_out", "txt_attn.proj"),
        ("ff.net.0.proj", "img_mlp.0"),
        ("ff.net.2", "img_mlp.2"),
        ("ff_context.net.0.proj", "txt_mlp.0"),
        ("ff_context.net.2", "txt_mlp.2"),
        ("norm1.linear", "img_mod.lin"),
        ("norm1_context.linear", "txt_mod.lin"),
    ];

    private static readonly (string Diffusers, string Original)[] SingleBlock =
    [
        ("proj_out", "linear2"),
        ("norm.linear", "modulation.lin"),
    ];

    /// <summary>Every diffusers name with the weight (rows) it stands for.</summary>
    /// <param name="shapes">The model's weights by BFL's names.</param>
    public static IEnumerable<(string Name, LoraTarget[] Targets)> FromDiffusers(
        IReadOnlyDictionary<string, IReadOnlyList<long>> shapes
    )
    {
        foreach (var (diffusers, original) in OutsideBlocks)
        {
            if (shapes.ContainsKey($"{original}.weight"))
            {
                yield return (diffusers, [new LoraTarget($"{original}.weight")]);
            }
        }
        foreach (var found in FinalModulation(shapes))
        {
            yield return found;
        }
        for (var block = 0; shapes.ContainsKey($"double_blocks.{block}.img_attn.qkv.weight"); block++)
        {
            var diffusers = $"transformer_blocks.{block}";
            var original = $"double_blocks.{block}";
            foreach (var (from, to) in DoubleBlock)
            {
                yield return ($"{diffusers}.{from}", [new LoraTarget($"{original}.{to}.weight")]);
            }
            string[] image = ["attn.to_q", "attn.to_k", "attn.to_v"];
            string[] text = ["attn.add_q_proj", "attn.add_k_proj", "attn.add_v_proj"];
            foreach (var found in Fused(shapes, diffusers, image, $"{original}.img_attn.qkv.weight"))
            {
                yield return found;
            }
            foreach (var found in Fused(shapes, diffusers, text, $"{original}.txt_attn.qkv.weight"))
            {
                yield return found;
            }
        }
        for (var block = 0; shapes.ContainsKey($"single_blocks.{block}.linear1.weight"); block++)
        {
            var diffusers = $"single_transformer_blocks.{block}";
            foreach (var (from, to) in SingleBlock)
            {
                yield return ($"{diffusers}.{from}", [new LoraTarget($"single_blocks.{block}.{to}.weight")]);
            }
            string[] parts = ["attn.to_q", "attn.to_k", "attn.to_v", "proj_mlp"];
            foreach (var found in Fused(shapes, diffusers, parts, $"single_blocks.{block}.linear1.weight"))
            {
                yield return found;
            }
        }
    }

    // Each part takes as many rows as the weight has columns (the hidden size), a fourth one the rest.
    private static IEnumerable<(string Name, LoraTarget[] Targets)> Fused(
        IReadOnlyDictionary<string, IReadOnlyList<long>> shapes,
        string block,
        string[] parts,
        string weight
    )
    {
        if (!shapes.TryGetValue(weight, out var shape) || shape is not [var rows, var hidden])
        {
            yield break;
        }
        for (var part = 0; part < parts.Length; part++)
        {
            var length = part == 3 ? rows - 3 * hidden : hidden;
            yield return ($"{block}.{parts[part]}", [new LoraTarget(weight, new LoraRows(part * hidden, length))]);
        }
    }

    // diffusers keeps (scale, shift) where BFL keeps (shift, scale).
    private static IEnumerable<(string Name, LoraTarget[] Targets)> FinalModulation(
        IReadOnlyDictionary<string, IReadOnlyList<long>> shapes
    )
    {
        const string weight = "final_layer.adaLN_modulation.1.weight";
        if (shapes.TryGetValue(weight, out var shape))
        {
            var half = shape[0] / 2;
            yield return (
                "norm_out.linear",
                [
                    new LoraTarget(weight, new LoraRows(half, half, 0)),
                    new LoraTarget(weight, new LoraRows(0, half, half)),
                ]
            );
        }
    }
}
