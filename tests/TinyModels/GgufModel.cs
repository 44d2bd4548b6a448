using System.Text.RegularExpressions;
using NodeHost.Tensors;
using NodeHost.Tensors.Safetensors;
using NodeHost.Tests;

namespace NodeHost.TinyModels;

/// <summary>A safetensors file as GGUF: matrices in Q8_0, the rest in float32; a T5's names as llama.cpp has them.</summary>
internal static partial class GgufModel
{
    private const int BlockLength = 32;

    public static string Save(string source, string path, string architecture)
    {
        using var file = SafetensorsFile.Open(source);
        var writer = new GgufWriter().Text("general.architecture", architecture);
        foreach (var (key, entry) in file.Entries)
        {
            using var scope = new TensorScope();
            long[] shape = [.. entry.Shape];
            var numbers = file.Load(key, DType.Float32).ToArray<float>();
            var isQuantised =
                shape.Length == 2 && shape[1] % BlockLength == 0 && !key.Contains("relative", StringComparison.Ordinal);
            writer.Tensor(
                NameOf(key),
                shape,
                isQuantised ? GgufWriter.Q8 : GgufWriter.F32,
                isQuantised ? GgufWriter.QuantiseQ8(numbers).Data : [.. numbers.SelectMany(BitConverter.GetBytes)]
            );
        }
        var bytes = writer.Build();
        File.WriteAllBytes(path, bytes);
        return $"{path}: {file.Entries.Count} tensors, {bytes.Length / 1e6:0.00} MB";
    }

    private static string NameOf(string key)
    {
        if (T5BlockPattern().Match(key) is not { Success: true } match)
        {
            return key switch
            {
                "shared.weight" => "token_embd.weight",
                "encoder.final_layer_norm.weight" => "enc.output_norm.weight",
                _ => key,
            };
        }
        var layer = match.Groups[2].Value switch
        {
            "layer.0.SelfAttention.relative_attention_bias" => "attn_rel_b",
            "layer.0.layer_norm" => "attn_norm",
            "layer.1.layer_norm" => "ffn_norm",
            "layer.1.DenseReluDense.wi_0" => "ffn_gate",
            "layer.1.DenseReluDense.wi_1" => "ffn_up",
            "layer.1.DenseReluDense.wo" => "ffn_down",
            var attention => $"attn_{attention[^1]}",
        };
        return $"enc.blk.{match.Groups[1].Value}.{layer}.weight";
    }

    [GeneratedRegex(@"^encoder\.block\.(\d+)\.(.+)\.weight$")]
    private static partial Regex T5BlockPattern();
}
