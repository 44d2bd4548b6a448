using NodeHost.Diffusion.Checkpoints.Families;

namespace NodeHost.Diffusion.Checkpoints;

/// <summary>Every family there is: each looks for itself in a file.</summary>
public static class ModelFamilies
{
    private static readonly IModelFamily[] Families =
    [
        new Sd15Family(),
        new Sd2Family(),
        new SdxlFamily(),
        new FluxFamily(),
        new AutoencoderFamily(),
        new ClipTextFamily(),
        new OpenClipTextFamily(),
        new T5Family(),
        new RrdbFamily(),
        new CompactUpscalerFamily(),
    ];

    /// <summary>The networks in a file, in the order of the families.</summary>
    /// <exception cref="UnsupportedModelException">There is none.</exception>
    public static IReadOnlyList<ModelPart> Recognise(IWeightSource source)
    {
        ArgumentNullException.ThrowIfNull(source);
        source = ScaledFloat8Source.Over(source);
        var parts = Families.Select(family => family.Recognise(source)).OfType<ModelPart>().ToArray();
        return parts.Length > 0 ? parts : throw new UnsupportedModelException(Describe(source));
    }

    /// <summary>What to call a diffusion model in a file that is known and not supported; null when there is none.</summary>
    internal static string? UnsupportedName(IWeightSource source) =>
        StableDiffusionUNet.NameOf(source)
        ?? UnsupportedFamily.All.FirstOrDefault(family => family.Matches(source))?.Name;

    /// <summary>What to say about a file in which something was not found.</summary>
    internal static string Describe(IWeightSource source)
    {
        var supported = string.Join(", ", Families.Select(family => family.Name));
        if (UnsupportedName(source) is { } known)
        {
            return $"{source.Name}: this is {known}, which is not supported here. Supported: {supported}.";
        }
        var tops = source
            .Entries.Keys.Select(key => key.Split('.')[0])
            .Distinct()
            .Order(StringComparer.Ordinal)
            .Take(6);
        var examples = string.Join(", ", source.Entries.Keys.Take(3));
        return $"{source.Name}: no known architecture among its {source.Entries.Count} tensors "
            + $"(under {string.Join(", ", tops)}; such as {examples}). Supported: {supported}.";
    }
}
