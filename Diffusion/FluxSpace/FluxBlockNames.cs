using System.Globalization;
using System.Text.RegularExpressions;
using NodeHost.Diffusion.Models;

namespace NodeHost.Diffusion.FluxSpace;

/// <summary>The joint attention layers of a Flux model, read from the names of its weights.</summary>
public static partial class FluxBlockNames
{
    /// <summary>Names in order of execution, such as <c>double_0</c> ... <c>single_37</c>; none for other families.</summary>
    public static IReadOnlyList<string> Of(INetworkSource source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return
        [
            .. source
                .Targets.SelectMany(target => target.Weights.Keys)
                .Select(key => BlockPattern().Match(key))
                .Where(match => match.Success)
                .Select(match =>
                    (Kind: match.Groups[1].Value, Index: int.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture))
                )
                .Distinct()
                .OrderBy(block => block.Kind, StringComparer.Ordinal)
                .ThenBy(block => block.Index)
                .Select(block => $"{block.Kind}_{block.Index}"),
        ];
    }

    [GeneratedRegex(@"^(double|single)_blocks\.(\d{1,4})\.")]
    private static partial Regex BlockPattern();
}
