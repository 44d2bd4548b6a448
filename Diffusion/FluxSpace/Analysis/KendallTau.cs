namespace NodeHost.Diffusion.FluxSpace.Analysis;

/// <summary>Rank correlation of two series, corrected for ties (tau-b).</summary>
internal static class KendallTau
{
    /// <summary>-1 to 1; 0 where a series is constant.</summary>
    public static double Of(IReadOnlyList<double> x, IReadOnlyList<double> y)
    {
        var (sum, pairsOfX, pairsOfY) = (0, 0, 0);
        for (var later = 1; later < x.Count; later++)
        {
            for (var earlier = 0; earlier < later; earlier++)
            {
                var (signOfX, signOfY) = (x[later].CompareTo(x[earlier]), y[later].CompareTo(y[earlier]));
                sum += signOfX * signOfY;
                pairsOfX += signOfX * signOfX;
                pairsOfY += signOfY * signOfY;
            }
        }
        return pairsOfX == 0 || pairsOfY == 0 ? 0 : sum / Math.Sqrt((double)pairsOfX * pairsOfY);
    }
}
