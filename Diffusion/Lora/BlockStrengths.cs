using System.Globalization;
using System.Text.RegularExpressions;

namespace NodeHost.Diffusion.Lora;

/// <summary>
/// Factors for the blocks of a network, written <c>single=0.5, double_3=0</c>. Blocks are named as attention sites are
/// (<c>double_0</c>, <c>single_12</c>, <c>input_4</c>, <c>middle_1</c>, <c>output_2</c>); a name without a number is all
/// of the kind, <c>other</c> what lies in no block. The last entry that fits a block counts.
/// </summary>
public sealed partial class BlockStrengths
{
    private readonly IReadOnlyList<(string Block, double Factor)> _entries;

    private BlockStrengths(IReadOnlyList<(string Block, double Factor)> entries)
    {
        _entries = entries;
    }

    /// <summary>Reads the written form; null for an empty text.</summary>
    /// <exception cref="FormatException">An entry is not <c>name=number</c>.</exception>
    public static BlockStrengths? Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var entries = text.Split(
            [',', '\n', ';'],
            StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries
        );
        return entries.Length == 0 ? null : new BlockStrengths([.. entries.Select(ParseEntry)]);
    }

    /// <summary>Factor of the block that a weight belongs to.</summary>
    public double Of(string weight)
    {
        var match = BlockPattern().Match(weight);
        var (kind, block) = match.Success
            ? (match.Groups[1].Value, $"{match.Groups[1].Value}_{match.Groups[2].Value}")
            : ("other", "other");
        var factor = 1.0;
        foreach (var entry in _entries)
        {
            factor = entry.Block == kind || entry.Block == block ? entry.Factor : factor;
        }
        return factor;
    }

    private static (string Block, double Factor) ParseEntry(string entry)
    {
        var parts = entry.Split('=', StringSplitOptions.TrimEntries);
        return
            parts.Length == 2
            && NamePattern().IsMatch(parts[0])
            && double.TryParse(parts[1], NumberStyles.Float, CultureInfo.InvariantCulture, out var factor)
            && double.IsFinite(factor)
            ? (parts[0], factor)
            : throw new FormatException(
                $"Block strengths: expected entries like 'single=0.5' or 'double_3=0', got '{entry}'. "
                    + "Blocks are double_N, single_N (Flux), input_N, middle_N, output_N (UNet) and other."
            );
    }

    [GeneratedRegex(@"^(double|single|input|middle|output)_blocks?\.(\d+)\.")]
    private static partial Regex BlockPattern();

    [GeneratedRegex(@"^(?:(?:double|single|input|middle|output)(?:_\d{1,4})?|other)$")]
    private static partial Regex NamePattern();
}
