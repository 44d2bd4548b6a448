namespace NodeHost.Diffusion.FluxSpace.Measurement;

/// <summary>What the names of a measurement file's members say.</summary>
internal static class SiteMembers
{
    /// <summary>Whether a member has a value for each channel, and not one for each layer.</summary>
    public static bool IsVector(string name) =>
        !name.EndsWith("_fro", StringComparison.Ordinal)
        && !name.EndsWith("_max_abs", StringComparison.Ordinal)
        && !name.StartsWith("cos_ab", StringComparison.Ordinal);
}
