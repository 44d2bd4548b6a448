namespace NodeHost.Cli.Flags;

/// <summary>Finds what somebody meant to type.</summary>
internal static class NearestName
{
    /// <summary>The name with the fewest slips to <paramref name="typed"/>; null when none is near enough to be meant.</summary>
    public static string? Find(string typed, IEnumerable<string> names) =>
        names
            .Select(name => (Name: name, Distance: IsBeginning(typed, name) ? 1 : Distance(typed, name)))
            .Where(candidate => candidate.Distance <= Math.Max(2, candidate.Name.Length / 3))
            .OrderBy(candidate => candidate.Distance)
            .ThenBy(candidate => candidate.Name, StringComparer.Ordinal)
            .Select(candidate => candidate.Name)
            .FirstOrDefault();

    // Python's argument parser takes unfinished names, and some start scripts rely on it.
    private static bool IsBeginning(string typed, string name) =>
        typed.Length > 4 && name.StartsWith(typed, StringComparison.Ordinal);

    /// <summary>Damerau's and Levenshtein's distance: letters put in, left out, mistaken, or exchanged with their neighbour.</summary>
    public static int Distance(string from, string to)
    {
        var table = new int[from.Length + 1, to.Length + 1];
        for (var i = 0; i <= from.Length; i++)
        {
            for (var j = 0; j <= to.Length; j++)
            {
                table[i, j] = (i, j) switch
                {
                    (0, _) => j,
                    (_, 0) => i,
                    _ => Math.Min(
                        Math.Min(table[i - 1, j] + 1, table[i, j - 1] + 1),
                        table[i - 1, j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1)
                    ),
                };
                if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1])
                {
                    table[i, j] = Math.Min(table[i, j], table[i - 2, j - 2] + 1);
                }
            }
        }
        return table[from.Length, to.Length];
    }
}
