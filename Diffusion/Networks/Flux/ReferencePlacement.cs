namespace NodeHost.Diffusion.Networks.Flux;

/// <summary>A reference latent and the position of its first token.</summary>
internal readonly record struct PlacedReference(LatentPatches Patches, int Index, int Row, int Column);

/// <summary>Where reference latents (Kontext) stand in relation to the image.</summary>
internal static class ReferencePlacement
{
    /// <param name="image">The latent that is denoised.</param>
    /// <param name="references">In the order they were given.</param>
    /// <param name="method"><c>offset</c>, <c>index</c> or <c>uxo</c>.</param>
    public static IReadOnlyList<PlacedReference> Place(
        LatentPatches image,
        IReadOnlyList<LatentPatches> references,
        string method
    ) =>
        method switch
        {
            "offset" => PlaceBeside(references),
            "index" => [.. references.Select((reference, index) => new PlacedReference(reference, index + 1, 0, 0))],
            "uxo" => PlaceDiagonally(image, references),
            _ => throw new ArgumentException(
                $"Flux: reference latents are placed by 'offset', 'index' or 'uxo', got '{method}'."
            ),
        };

    /// <summary>All on one sheet of index 1, each to the right or below, whichever keeps the sheet closer to a square.</summary>
    private static List<PlacedReference> PlaceBeside(IReadOnlyList<LatentPatches> references)
    {
        var placed = new List<PlacedReference>();
        var (height, width) = (0, 0);
        foreach (var reference in references)
        {
            var goesRight = reference.Height + height > reference.Width + width;
            var (top, left) = goesRight ? (0, width) : (height, 0);
            placed.Add(new(reference, 1, ToPatches(top), ToPatches(left)));
            height = Math.Max(height, top + reference.Height);
            width = Math.Max(width, left + reference.Width);
        }
        return placed;
    }

    /// <summary>On the image's own sheet, each beyond the lower right corner of all before it.</summary>
    private static List<PlacedReference> PlaceDiagonally(LatentPatches image, IReadOnlyList<LatentPatches> references)
    {
        var placed = new List<PlacedReference>();
        var (top, left) = (image.Rows * FluxConfig.PatchSize, image.Columns * FluxConfig.PatchSize);
        foreach (var reference in references)
        {
            placed.Add(new(reference, 0, ToPatches(top), ToPatches(left)));
            top += reference.Height;
            left += reference.Width;
        }
        return placed;
    }

    private static int ToPatches(int elements) => (elements + FluxConfig.PatchSize - 1) / FluxConfig.PatchSize;
}
