using System.Text.RegularExpressions;
using NodeHost.Diffusion.Checkpoints;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.Saving;

/// <summary>A text encoder's weights under OpenCLIP's names: q, k and v joined, the projection turned.</summary>
internal static partial class OpenClipExport
{
    /// <param name="weights">Under transformers' names.</param>
    /// <param name="prefix">What is put before OpenCLIP's.</param>
    public static IReadOnlyList<SavedWeight> Of(IReadOnlyList<SavedWeight> weights, string prefix)
    {
        var named = weights.ToDictionary(weight => weight.Key, StringComparer.Ordinal);
        var saved = new List<SavedWeight>();
        foreach (var weight in weights)
        {
            if (ProjectionPattern().Match(weight.Key) is { Success: true } match)
            {
                if (match.Groups["projection"].Value == "q")
                {
                    saved.Add(Joined(named, match, prefix));
                }
            }
            else if (weight.Key == OpenClipLayout.Projection)
            {
                saved.Add(
                    weight with
                    {
                        Key = $"{prefix}text_projection",
                        Read = () => weight.Read().Transpose(0, 1).Contiguous(),
                    }
                );
            }
            else if (OpenClipLayout.NameOf(weight.Key) is { } name)
            {
                saved.Add(weight with { Key = prefix + name });
            }
        }
        return saved;
    }

    private static SavedWeight Joined(Dictionary<string, SavedWeight> named, Match match, string prefix)
    {
        var (block, kind) = (match.Groups["block"].Value, match.Groups["kind"].Value);
        SavedWeight[] parts =
        [
            .. new[] { "q", "k", "v" }.Select(part =>
                named[$"text_model.encoder.layers.{block}.self_attn.{part}_proj.{kind}"]
            ),
        ];
        return new(
            $"{prefix}transformer.resblocks.{block}.attn.in_proj_{kind}",
            parts[0].DType,
            [parts.Sum(part => part.Shape[0]), .. parts[0].Shape.Skip(1)],
            () => Tensor.Concat([.. parts.Select(part => part.Read())], 0)
        );
    }

    [GeneratedRegex(
        @"^text_model\.encoder\.layers\.(?<block>\d+)\.self_attn\.(?<projection>[qkv])_proj\.(?<kind>weight|bias)$",
        RegexOptions.ExplicitCapture
    )]
    private static partial Regex ProjectionPattern();
}
