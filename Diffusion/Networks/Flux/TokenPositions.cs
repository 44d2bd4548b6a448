namespace NodeHost.Diffusion.Networks.Flux;

/// <summary>Where each token stands: index, row and column. Text tokens all stand at the origin.</summary>
/// <param name="Values">[tokens, 3], text first, then the image, then the references.</param>
internal sealed record TokenPositions(double[] Values)
{
    public const int Axes = 3;

    public int Count => Values.Length / Axes;

    public static TokenPositions Of(int textLength, LatentPatches image, IReadOnlyList<PlacedReference> references)
    {
        var count = textLength + image.Count + references.Sum(reference => reference.Patches.Count);
        var values = new double[count * Axes];
        var next = textLength * Axes;
        foreach (var (patches, index, row, column) in references.Prepend(new(image, 0, 0, 0)))
        {
            for (var y = 0; y < patches.Rows; y++)
            {
                for (var x = 0; x < patches.Columns; x++)
                {
                    values[next++] = index;
                    values[next++] = row + y;
                    values[next++] = column + x;
                }
            }
        }
        return new(values);
    }
}
