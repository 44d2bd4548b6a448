namespace NodeHost.Diffusion.FluxSpace.Analysis;

/// <summary>Percentiles, interpolated between neighbours as numpy does.</summary>
internal static class Percentile
{
    public static double Of(double[] values, double percent)
    {
        double[] sorted = [.. values.Order()];
        var position = percent / 100 * (sorted.Length - 1);
        var below = (int)Math.Floor(position);
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
    }
}
