using System.Text.RegularExpressions;
using NodeHost.Diffusion.Checkpoints;

namespace NodeHost.Diffusion.Text;

/// <summary>
/// Where a file of a textual inversion has an encoder's vectors: under the encoder's key (SDXL's <c>clip_l</c> and
/// <c>clip_g</c>), under <c>emb_params</c> or the only name there is (A1111 and diffusers), in parts that a checkpoint was
/// bundled with, or in a list of dictionaries whose vectors are told apart by their width.
/// </summary>
internal static partial class EmbeddingLayout
{
    private const string Bundle = "bundle_emb.";
    private const string Parameters = "emb_params";

    /// <summary>The tensors whose rows, one after the other, are the embedding; none where the file has none of this width.</summary>
    /// <param name="source">The file.</param>
    /// <param name="key">The encoder's key.</param>
    /// <param name="width">Width of the encoder's token vectors.</param>
    public static IReadOnlyList<string> Find(IWeightSource source, string key, long width)
    {
        var keys = source.Entries.Keys;
        IEnumerable<string> found =
            keys.All(name => ListPattern().IsMatch(name)) ? keys.Where(Fits)
            : keys.Contains(key) ? [key]
            : keys.Any(name => IsBundled(name, key)) ? keys.Where(name => IsBundled(name, key))
            : keys.Contains(Parameters) ? [Parameters]
            : keys.Take(1);
        string[] chosen = [.. found];
        return chosen.All(Fits) ? chosen : [];

        bool Fits(string name) =>
            source.Entries[name].Shape is [var last]
                ? last == width
                : source.Entries[name].Shape is [> 0, var columns] && columns == width;
    }

    private static bool IsBundled(string name, string key) =>
        name.StartsWith(Bundle, StringComparison.Ordinal)
        && (
            name.EndsWith(".string_to_param.*", StringComparison.Ordinal)
            || name.EndsWith($".{key}", StringComparison.Ordinal)
        );

    [GeneratedRegex(@"^\d{1,6}\.")]
    private static partial Regex ListPattern();
}
