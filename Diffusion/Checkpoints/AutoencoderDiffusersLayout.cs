using System.Globalization;
using System.Text.RegularExpressions;

namespace NodeHost.Diffusion.Checkpoints;

/// <summary>An autoencoder written with diffusers' names, under those of latent diffusion.</summary>
/// <remarks>
/// Correspondence (Apache-2.0): https://github.com/huggingface/diffusers/blob/main/scripts/convert_diffusers_to_original_stable_diffusion.py
/// </remarks>
internal static partial class AutoencoderDiffusersLayout
{
    /// <summary>Old files name the layers of the attention after their role.</summary>
    private static readonly (string Diffusers, string Original)[] AttentionLayers =
    [
        ("to_q", "q"),
        ("to_k", "k"),
        ("to_v", "v"),
        ("to_out.0", "proj_out"),
        ("query", "q"),
        ("key", "k"),
        ("value", "v"),
        ("proj_attn", "proj_out"),
    ];

    /// <summary>Keys that every file in this layout has.</summary>
    public static IReadOnlyList<string> Markers { get; } =
    [
        "encoder.conv_in.weight",
        "encoder.down_blocks.0.resnets.0.conv1.weight",
        "decoder.conv_in.weight",
        "decoder.up_blocks.0.resnets.0.conv1.weight",
    ];

    /// <param name="source">The file.</param>
    /// <param name="prefix">What it puts before diffusers' names; latent diffusion's are given without.</param>
    public static IWeightSource Over(IWeightSource source, string prefix)
    {
        var keys = source.Entries.Keys.Where(key => key.StartsWith(prefix, StringComparison.Ordinal)).ToArray();
        var levels = 0;
        while (source.Entries.ContainsKey($"{prefix}decoder.up_blocks.{levels}.resnets.0.conv1.weight"))
        {
            levels++;
        }
        var converted = new ConvertedSource(source);
        foreach (var key in keys)
        {
            var name = key[prefix.Length..];
            if (AttentionPattern().Match(name) is { Success: true } attention)
            {
                AddAttention(converted, key, attention);
            }
            else
            {
                converted.Add(Original(name, levels), key);
            }
        }
        return converted;
    }

    private static void AddAttention(ConvertedSource converted, string key, Match match)
    {
        var middle = $"{match.Groups["side"].Value}.mid.attn_1.";
        var layer = match.Groups["layer"].Value;
        var kind = match.Groups["kind"].Value;
        foreach (var (diffusers, original) in AttentionLayers)
        {
            if (layer == diffusers)
            {
                converted.AddAsConvolution($"{middle}{original}.{kind}", key);
                return;
            }
        }
        converted.Add($"{middle}norm.{kind}", key);
    }

    private static string Original(string name, int levels)
    {
        if (name.StartsWith("decoder.up_blocks.", StringComparison.Ordinal))
        {
            // The decoder's levels are numbered from the picture's side.
            var rest = name["decoder.up_blocks.".Length..];
            var dot = rest.IndexOf('.');
            var level = int.Parse(rest.AsSpan(0, dot), CultureInfo.InvariantCulture);
            name = $"decoder.up.{levels - 1 - level}{rest[dot..]}";
        }
        return name.Replace("encoder.down_blocks.", "encoder.down.", StringComparison.Ordinal)
            .Replace(".downsamplers.0.", ".downsample.", StringComparison.Ordinal)
            .Replace(".upsamplers.0.", ".upsample.", StringComparison.Ordinal)
            .Replace(".mid_block.resnets.0.", ".mid.block_1.", StringComparison.Ordinal)
            .Replace(".mid_block.resnets.1.", ".mid.block_2.", StringComparison.Ordinal)
            .Replace(".resnets.", ".block.", StringComparison.Ordinal)
            .Replace(".conv_shortcut.", ".nin_shortcut.", StringComparison.Ordinal)
            .Replace(".conv_norm_out.", ".norm_out.", StringComparison.Ordinal);
    }

    [GeneratedRegex(
        @"^(?<side>encoder|decoder)\.mid_block\.attentions\.0\.(?<layer>[a-z_0-9.]+)\.(?<kind>weight|bias)$",
        RegexOptions.ExplicitCapture
    )]
    private static partial Regex AttentionPattern();
}
