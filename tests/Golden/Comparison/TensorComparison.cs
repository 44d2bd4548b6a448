using NodeHost.Tensors;

namespace NodeHost.Golden.Comparison;

/// <summary>Distances between what was computed and what ComfyUI computed.</summary>
internal static class TensorComparison
{
    /// <summary>
    /// Largest absolute difference over the standard deviation of the expected values. Infinite where the shapes differ or
    /// one is not finite in a place where the other is.
    /// </summary>
    public static double ErrorOverStandardDeviation(Tensor actual, Tensor expected)
    {
        var difference = LargestDifference(actual, expected, out var values);
        var finite = values.Where(float.IsFinite).Select(value => (double)value).ToArray();
        if (finite.Length == 0)
        {
            return difference;
        }
        var mean = finite.Average();
        var deviation = Math.Sqrt(finite.Sum(value => (value - mean) * (value - mean)) / finite.Length);
        return deviation > 0 ? difference / deviation : difference;
    }

    /// <summary>Largest absolute difference over the largest absolute expected value.</summary>
    public static double ErrorOverLargest(Tensor actual, Tensor expected)
    {
        var difference = LargestDifference(actual, expected, out var values);
        var largest = values.Where(float.IsFinite).Select(Math.Abs).DefaultIfEmpty(0).Max();
        return largest > 0 ? difference / largest : difference;
    }

    /// <summary>Largest difference relative to the expected value of the same place; NaN must meet NaN.</summary>
    public static double LargestRelative(ReadOnlySpan<float> actual, ReadOnlySpan<float> expected)
    {
        if (actual.Length != expected.Length)
        {
            return double.PositiveInfinity;
        }
        var worst = 0.0;
        for (var index = 0; index < expected.Length; index++)
        {
            var difference = PlaceDifference(actual[index], expected[index]);
            var size = Math.Abs((double)expected[index]);
            worst = Math.Max(worst, size > 0 && double.IsFinite(difference) ? difference / size : difference);
        }
        return worst;
    }

    /// <summary>Whether shape and every bit agree; null if so, else what differs.</summary>
    public static string? BitDifference(Tensor actual, Tensor expected)
    {
        if (!actual.Shape.SequenceEqual(expected.Shape))
        {
            return $"expected {expected}, got {actual}";
        }
        var left = actual.ToArray<float>();
        var right = expected.ToArray<float>();
        for (var index = 0; index < left.Length; index++)
        {
            if (BitConverter.SingleToInt32Bits(left[index]) != BitConverter.SingleToInt32Bits(right[index]))
            {
                return $"element {index}: expected {right[index]:R}, got {left[index]:R}";
            }
        }
        return null;
    }

    private static double LargestDifference(Tensor actual, Tensor expected, out float[] values)
    {
        values = expected.ToArray<float>();
        if (!actual.Shape.SequenceEqual(expected.Shape))
        {
            return double.PositiveInfinity;
        }
        var computed = actual.ToArray<float>();
        var worst = 0.0;
        for (var index = 0; index < values.Length; index++)
        {
            worst = Math.Max(worst, PlaceDifference(computed[index], values[index]));
        }
        return worst;
    }

    private static double PlaceDifference(float actual, float expected)
    {
        if (float.IsFinite(actual) && float.IsFinite(expected))
        {
            return Math.Abs((double)actual - expected);
        }
        return float.IsFinite(actual) == float.IsFinite(expected) ? 0 : double.PositiveInfinity;
    }
}
