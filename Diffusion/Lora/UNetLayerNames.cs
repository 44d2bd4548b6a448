using System.Globalization;
using System.Text.RegularExpressions;

namespace NodeHost.Diffusion.Lora;

/// <summary>Layer names of the original latent diffusion UNet in diffusers' words, which LoRA files use.</summary>
/// <remarks>
/// Correspondence (Apache-2.0): https://github.com/huggingface/diffusers/blob/main/scripts/convert_diffusers_to_original_stable_diffusion.py
/// </remarks>
internal static partial class UNetLayerNames
{
    private static readonly Dictionary<string, string> Ends = new()
    {
        ["time_embed.0"] = "time_embedding.linear_1",
        ["time_embed.2"] = "time_embedding.linear_2",
        ["label_emb.0.0"] = "add_embedding.linear_1",
        ["label_emb.0.2"] = "add_embedding.linear_2",
        ["input_blocks.0.0"] = "conv_in",
        ["out.0"] = "conv_norm_out",
        ["out.2"] = "conv_out",
    };

    private static readonly Dictionary<string, string> ResidualLayers = new()
    {
        ["in_layers.0"] = "norm1",
        ["in_layers.2"] = "conv1",
        ["emb_layers.1"] = "time_emb_proj",
        ["out_layers.0"] = "norm2",
        ["out_layers.3"] = "conv2",
        ["skip_connection"] = "conv_shortcut",
    };

    /// <summary>The layer's name in diffusers; null where it has none.</summary>
    public static string? ToDiffusers(string layer)
    {
        if (Ends.TryGetValue(layer, out var end))
        {
            return end;
        }
        if (MiddlePattern().Match(layer) is { Success: true } middle)
        {
            var position = Number(middle, 1);
            return position == 1
                ? Within("mid_block", 0, middle.Groups[2].Value)
                : Within("mid_block", position / 2, middle.Groups[2].Value);
        }
        if (BlockPattern().Match(layer) is not { Success: true } block)
        {
            return null;
        }
        // Three entries to a level on both sides: two blocks and the downsampler, or three blocks.
        var isInput = block.Groups[1].Value == "input";
        var number = Number(block, 2) - (isInput ? 1 : 0);
        var (level, index) = (number / 3, number % 3);
        var rest = block.Groups[4].Value;
        return rest switch
        {
            "op" => $"down_blocks.{level}.downsamplers.0.conv",
            "conv" => $"up_blocks.{level}.upsamplers.0.conv",
            _ => Within(isInput ? $"down_blocks.{level}" : $"up_blocks.{level}", index, rest),
        };
    }

    /// <summary>The name that diffusers used when attention processors held the LoRA: <c>attn1.processor.to_q</c>.</summary>
    public static string ToAttentionProcessor(string diffusers) =>
        AttentionPattern().Replace(diffusers, "$1.processor.$2");

    private static string Within(string block, int index, string rest) =>
        ResidualLayers.TryGetValue(rest, out var residual)
            ? $"{block}.resnets.{index}.{residual}"
            : $"{block}.attentions.{index}.{rest}";

    private static int Number(Match match, int group) =>
        int.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^middle_block\.([012])\.(.+)$")]
    private static partial Regex MiddlePattern();

    [GeneratedRegex(@"^(input|output)_blocks\.(\d{1,4})\.(\d)\.(.+)$")]
    private static partial Regex BlockPattern();

    [GeneratedRegex(@"(attn[12])\.(to_q|to_k|to_v|to_out)(\.0)?$")]
    private static partial Regex AttentionPattern();
}
