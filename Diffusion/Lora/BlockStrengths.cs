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
    private const string Other = "other";

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
            : (Other, Other);
        var factor = 1.0;
        foreach (var entry in _entries)
        {
            factor = entry.Block == kind || entry.Block == block ? entry.Factor : factor;
        }
        return factor;
    }

    /// <summary>One sentence on the first entry that no block of the network fits; null where each has one.</summary>
    /// <param name="weights">Names of the network's weights.</param>
    public string? DescribeUnknown(IEnumerable<string> weights)
    {
        var blocks = weights
            .Select(weight => BlockPattern().Match(weight))
            .Where(match => match.Success)
            .Select(match =>
                (Kind: match.Groups[1].Value, Index: int.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture))
            )
            .Distinct()
            .GroupBy(block => block.Kind)
            .ToDictionary(kind => kind.Key, kind => kind.Select(block => block.Index).ToHashSet());
        var unknown = _entries.FirstOrDefault(entry => !IsKnown(entry.Block)).Block;
        var all = blocks.Select(kind => $"{kind.Key}_{kind.Value.Min()} to {kind.Key}_{kind.Value.Max()}");
        return unknown is null
            ? null
            : $"there is no block {unknown} in the model, so its factor does nothing; there are {string.Join(", ", all)} and other.";

        bool IsKnown(string block)
        {
            var parts = block.Split('_');
            return block == Other
                || (
                    blocks.TryGetValue(parts[0], out var indexes)
                    && (parts.Length == 1 || indexes.Contains(int.Parse(parts[1], CultureInfo.InvariantCulture)))
                );
        }
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
                $"expected entries like 'single=0.5' or 'double_3=0', got '{entry}'. "
                    + "Blocks are double_N, single_N (Flux), input_N, middle_N, output_N (UNet) and other."
            );
    }

    [GeneratedRegex(@"^(double|single|input|middle|output)_blocks?\.(\d+)\.")]
    private static partial Regex BlockPattern();

    [GeneratedRegex(@"^(?:(?:double|single|input|middle|output)(?:_\d{1,4})?|other)$")]
    private static partial Regex NamePattern();
}
