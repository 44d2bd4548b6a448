namespace NodeHost.Diffusion.Merging;

/// <summary>A share for each part of a network, by how its weights' names begin; the longest beginning counts.</summary>
/// <param name="ratios">Shares in order; the first is also that of weights that no name fits.</param>
public sealed class BlockRatios(IReadOnlyList<KeyValuePair<string, double>> ratios)
{
    public double Of(string weight)
    {
        var best = ratios[0].Value;
        var length = 0;
        foreach (var (start, ratio) in ratios)
        {
            if (start.Length > length && weight.StartsWith(start, StringComparison.Ordinal))
            {
                (best, length) = (ratio, start.Length);
            }
        }
        return best;
    }
}
