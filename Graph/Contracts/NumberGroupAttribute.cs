using System.Globalization;
using System.Text.RegularExpressions;

namespace NodeHost.Graph.Contracts;

/// <summary>
/// Makes a property of type <c>OrderedDictionary&lt;string, double&gt;</c> many FLOAT inputs that are alike but for their
/// names: <c>"input_blocks.{0-11}."</c> stands for twelve.
/// </summary>
public sealed partial class NumberGroupAttribute(double min, double max, params string[] names)
    : NumberAttribute(min, max)
{
    /// <summary>The widgets' default.</summary>
    public double Default { get; init; }

    /// <summary>Wire names, ranges written out.</summary>
    internal IEnumerable<string> WireNames => names.SelectMany(WrittenOut);

    private static IEnumerable<string> WrittenOut(string name)
    {
        if (RangePattern().Match(name) is not { Success: true } range)
        {
            return [name];
        }
        var (first, last) = (Number(range.Groups[1]), Number(range.Groups[2]));
        return Enumerable
            .Range(first, last - first + 1)
            .Select(number =>
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{name[..range.Index]}{number}{name[(range.Index + range.Length)..]}"
                )
            );
    }

    private static int Number(Group group) => int.Parse(group.ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\{(\d{1,3})-(\d{1,3})\}")]
    private static partial Regex RangePattern();
}
