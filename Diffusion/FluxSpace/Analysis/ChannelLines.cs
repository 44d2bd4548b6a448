namespace NodeHost.Diffusion.FluxSpace.Analysis;

/// <summary>What each channel of each site would be at a scale: the straight lines <c>intercept + s * slope</c>.</summary>
internal sealed class ChannelLines(double[] intercepts, double[] slopes, int width)
{
    private readonly (double Constant, double Linear, double Square)[] _norms = Norms(intercepts, slopes, width);

    public int SiteCount => _norms.Length;

    /// <summary>The largest magnitude of any channel of any site.</summary>
    public double Largest(double scale)
    {
        var largest = 0.0;
        for (var index = 0; index < intercepts.Length; index++)
        {
            largest = Math.Max(largest, Math.Abs(intercepts[index] + scale * slopes[index]));
        }
        return largest;
    }

    /// <summary>Euclidean norm over the channels of one site.</summary>
    public double Norm(int site, double scale)
    {
        var (constant, linear, square) = _norms[site];
        return Math.Sqrt(Math.Max(0, constant + scale * (2 * linear + scale * square)));
    }

    /// <summary>Cosine between intercepts and slopes of one site; 0 where one of them is 0.</summary>
    public double Cosine(int site)
    {
        var (constant, linear, square) = _norms[site];
        var lengths = Math.Sqrt(constant) * Math.Sqrt(square);
        return lengths == 0 ? 0 : linear / lengths;
    }

    /// <summary>Norm of the slopes over that of the intercepts of one site.</summary>
    public double SlopeRatio(int site)
    {
        var (constant, _, square) = _norms[site];
        return constant == 0 ? 0 : Math.Sqrt(square / constant);
    }

    // A norm is the root of a parabola in the scale, so three sums a site serve every scale.
    private static (double, double, double)[] Norms(double[] intercepts, double[] slopes, int width)
    {
        var norms = new (double Constant, double Linear, double Square)[intercepts.Length / width];
        for (var index = 0; index < intercepts.Length; index++)
        {
            ref var norm = ref norms[index / width];
            norm.Constant += intercepts[index] * intercepts[index];
            norm.Linear += intercepts[index] * slopes[index];
            norm.Square += slopes[index] * slopes[index];
        }
        return norms;
    }
}
