namespace NodeHost.Diffusion.Checkpoints.Families;

/// <summary>Finds a network that files put under various prefixes.</summary>
internal static class KeyPrefix
{
    /// <summary>The first prefix under which all of the marker keys stand, or null.</summary>
    public static string? Find(
        IWeightSource source,
        IEnumerable<string> prefixes,
        params IReadOnlyList<string> markers
    ) => prefixes.FirstOrDefault(prefix => markers.All(marker => source.Entries.ContainsKey(prefix + marker)));
}
