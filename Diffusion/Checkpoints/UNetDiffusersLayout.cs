using System.Globalization;
using System.Text.RegularExpressions;

namespace NodeHost.Diffusion.Checkpoints;

/// <summary>A Stable Diffusion UNet written with diffusers' names, under those of latent diffusion.</summary>
/// <remarks>
/// Correspondence (Apache-2.0): https://github.com/huggingface/diffusers/blob/main/scripts/convert_diffusers_to_original_stable_diffusion.py
/// </remarks>
internal static partial class UNetDiffusersLayout
{
    private static readonly (string Diffusers, string Original)[] Ends =
    [
        ("time_embedding.linear_1", "time_embed.0"),
        ("time_embedding.linear_2", "time_embed.2"),
        ("add_embedding.linear_1", "label_emb.0.0"),
        ("add_embedding.linear_2", "label_emb.0.2"),
        ("conv_in", "input_blocks.0.0"),
        ("conv_norm_out", "out.0"),
        ("conv_out", "out.2"),
    ];

    private static readonly (string Diffusers, string Original)[] ResidualLayers =
    [
        ("norm1", "in_layers.0"),
        ("conv1", "in_layers.2"),
        ("time_emb_proj", "emb_layers.1"),
        ("norm2", "out_layers.0"),
        ("conv2", "out_layers.3"),
        ("conv_shortcut", "skip_connection"),
    ];

    /// <summary>Keys that every file in this layout has.</summary>
    public static IReadOnlyList<string> Markers { get; } =
    [
        "conv_in.weight",
        "conv_out.weight",
        "time_embedding.linear_1.weight",
        "down_blocks.0.resnets.0.conv1.weight",
        "mid_block.resnets.0.conv1.weight",
        "up_blocks.0.resnets.0.conv1.weight",
    ];

    /// <param name="source">The file.</param>
    /// <param name="prefix">What it puts before diffusers' names; latent diffusion's are given without.</param>
    public static IWeightSource Over(IWeightSource source, string prefix)
    {
        var keys = source.Entries.Keys.Where(key => key.StartsWith(prefix, StringComparison.Ordinal)).ToHashSet();
        var residuals = 0;
        while (keys.Contains($"{prefix}down_blocks.0.resnets.{residuals}.conv1.weight"))
        {
            residuals++;
        }
        var converted = new ConvertedSource(source);
        foreach (var key in keys)
        {
            if (Original(key[prefix.Length..], residuals, name => keys.Contains(prefix + name)) is { } name)
            {
                converted.Add(name, key);
            }
        }
        return converted;
    }

    /// <param name="name">A key of diffusers.</param>
    /// <param name="residuals">Residual blocks of a level on the way down; one more stands on the way up.</param>
    /// <param name="has">Whether the file has a key.</param>
    private static string? Original(string name, int residuals, Func<string, bool> has)
    {
        if (BlockPattern().Match(name) is not { Success: true } match)
        {
            return Renamed(name, Ends);
        }
        var level = Number(match.Groups["level"]);
        var index = Number(match.Groups["index"]);
        var layer = match.Groups["layer"].Value;
        var entry = level * (residuals + 1);
        var hasAttention = has($"{match.Groups["side"].Value}.{level}.attentions.0.norm.weight");
        return (match.Groups["side"].Value, match.Groups["kind"].Value) switch
        {
            ("down_blocks", "resnets") => Residual($"input_blocks.{entry + index + 1}.0", layer),
            ("down_blocks", "attentions") => $"input_blocks.{entry + index + 1}.1.{layer}",
            ("down_blocks", "downsamplers") =>
                $"input_blocks.{entry + residuals + 1}.0.{Replaced(layer, "conv", "op")}",
            ("up_blocks", "resnets") => Residual($"output_blocks.{entry + index}.0", layer),
            ("up_blocks", "attentions") => $"output_blocks.{entry + index}.1.{layer}",
            ("up_blocks", "upsamplers") => $"output_blocks.{entry + residuals}.{(hasAttention ? 2 : 1)}.{layer}",
            ("mid_block", "resnets") => Residual($"middle_block.{(index == 0 ? 0 : MiddleEnd(has))}", layer),
            ("mid_block", "attentions") => $"middle_block.1.{layer}",
            _ => null,
        };
    }

    private static int MiddleEnd(Func<string, bool> has) => has("mid_block.attentions.0.norm.weight") ? 2 : 1;

    private static string? Residual(string block, string layer) =>
        Renamed(layer, ResidualLayers) is { } renamed ? $"{block}.{renamed}" : null;

    private static string? Renamed(string name, (string Diffusers, string Original)[] names)
    {
        foreach (var (diffusers, original) in names)
        {
            if (name.StartsWith($"{diffusers}.", StringComparison.Ordinal))
            {
                return original + name[diffusers.Length..];
            }
        }
        return null;
    }

    private static string Replaced(string layer, string from, string to) =>
        layer.StartsWith($"{from}.", StringComparison.Ordinal) ? to + layer[from.Length..] : layer;

    private static int Number(Group group) =>
        group.Success ? int.Parse(group.ValueSpan, CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex(
        @"^(?<side>down_blocks|up_blocks|mid_block)(\.(?<level>\d{1,3}))?"
            + @"\.(?<kind>resnets|attentions|downsamplers|upsamplers)\.(?<index>\d{1,3})\.(?<layer>.+)$",
        RegexOptions.ExplicitCapture
    )]
    private static partial Regex BlockPattern();
}
