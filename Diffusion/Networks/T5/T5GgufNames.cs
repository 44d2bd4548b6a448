using System.Text.RegularExpressions;

namespace NodeHost.Diffusion.Networks.T5;

/// <summary>llama.cpp's names of a T5 encoder's weights.</summary>
/// <remarks>Correspondence (MIT): https://github.com/ggml-org/llama.cpp/blob/master/gguf-py/gguf/tensor_mapping.py</remarks>
internal static partial class T5GgufNames
{
    private static readonly Dictionary<string, string> Outside = new()
    {
        ["token_embd.weight"] = "shared.weight",
        ["enc.output_norm.weight"] = "encoder.final_layer_norm.weight",
    };

    private static readonly Dictionary<string, string> InBlock = new()
    {
        ["attn_q"] = "layer.0.SelfAttention.q",
        ["attn_k"] = "layer.0.SelfAttention.k",
        ["attn_v"] = "layer.0.SelfAttention.v",
        ["attn_o"] = "layer.0.SelfAttention.o",
        ["attn_rel_b"] = "layer.0.SelfAttention.relative_attention_bias",
        ["attn_norm"] = "layer.0.layer_norm",
        ["ffn_gate"] = "layer.1.DenseReluDense.wi_0",
        ["ffn_up"] = "layer.1.DenseReluDense.wi_1",
        ["ffn_down"] = "layer.1.DenseReluDense.wo",
        ["ffn_norm"] = "layer.1.layer_norm",
    };

    /// <summary>The name in transformers; null for names that are none of an encoder's.</summary>
    public static string? ToTransformers(string name) =>
        Outside.TryGetValue(name, out var outside) ? outside
        : BlockPattern().Match(name) is { Success: true } match
        && InBlock.TryGetValue(match.Groups[2].Value, out var layer)
            ? $"encoder.block.{match.Groups[1].Value}.{layer}.weight"
        : null;

    [GeneratedRegex(@"^enc\.blk\.(\d{1,4})\.([a-z_]+)\.weight$")]
    private static partial Regex BlockPattern();
}
