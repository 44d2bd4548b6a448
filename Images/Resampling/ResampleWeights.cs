namespace NodeHost.Images.Resampling;

/// <summary>For each target position along one axis: the first source position and the fixed-point weights from there.</summary>
internal sealed class ResampleWeights
{
    /// <summary>Fraction bits: 32 less 8 for the result and 2 for what overshooting kernels add.</summary>
    public const int FractionBits = 32 - 8 - 2;

    private readonly int[] _first;
    private readonly int[][] _weights;

    public ResampleWeights(ResampleFilter filter, int sourceLength, int targetLength)
    {
        _first = new int[targetLength];
        _weights = new int[targetLength][];
        var scale = (double)sourceLength / targetLength;
        var stretch = Math.Max(scale, 1);
        var support = ResampleKernel.Support(filter) * stretch;
        for (var target = 0; target < targetLength; target++)
        {
            var centre = (target + 0.5) * scale;
            var first = Math.Max(0, (int)(centre - support + 0.5));
            var end = Math.Min(sourceLength, (int)(centre + support + 0.5));
            _first[target] = first;
            _weights[target] = Normalise(filter, first, end - first, centre, 1 / stretch);
        }
    }

    public int First(int target) => _first[target];

    public ReadOnlySpan<int> Weights(int target) => _weights[target];

    private static int[] Normalise(ResampleFilter filter, int first, int count, double centre, double step)
    {
        var exact = new double[count];
        var sum = 0.0;
        for (var i = 0; i < count; i++)
        {
            exact[i] = ResampleKernel.Weight(filter, (i + first - centre + 0.5) * step);
            sum += exact[i];
        }

        var weights = new int[count];
        for (var i = 0; i < count; i++)
        {
            var share = sum != 0 ? exact[i] / sum : exact[i];
            weights[i] = (int)((share * (1 << FractionBits)) + (share < 0 ? -0.5 : 0.5));
        }

        return weights;
    }
}
