namespace NodeHost.Diffusion.Checkpoints;

/// <summary>Finds the key that a missing one was most likely meant to be.</summary>
internal static class NearestKey
{
    /// <summary>The key with the smallest edit distance; null when there are none.</summary>
    public static string? Find(string wanted, IEnumerable<string> keys) =>
        keys.MinBy(key => (Distance(wanted, key), key));

    private static int Distance(string first, string second)
    {
        var row = new int[second.Length + 1];
        for (var j = 0; j < row.Length; j++)
        {
            row[j] = j;
        }
        for (var i = 1; i <= first.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j < row.Length; j++)
            {
                var substitution = diagonal + (first[i - 1] == second[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substitution, Math.Min(row[j], row[j - 1]) + 1);
            }
        }
        return row[^1];
    }
}
