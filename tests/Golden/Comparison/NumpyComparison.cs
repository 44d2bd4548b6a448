using NodeHost.Diffusion.FluxSpace.Numpy;

namespace NodeHost.Golden.Comparison;

/// <summary>Compares <c>.npz</c> files member by member.</summary>
internal static class NumpyComparison
{
    private const double SingleTolerance = 1e-5;
    private const double HalfTolerance = 1e-3;

    /// <summary>The first member that is not the expected one; null when there is none.</summary>
    public static string? Difference(string actualPath, string expectedPath)
    {
        if (!File.Exists(actualPath))
        {
            return $"{Path.GetFileName(actualPath)} was not written";
        }
        using var actual = NumpyArchive.Open(actualPath);
        using var expected = NumpyArchive.Open(expectedPath);
        return actual.Names.Order(StringComparer.Ordinal).SequenceEqual(expected.Names.Order(StringComparer.Ordinal))
            ? expected
                .Names.Select(name => Difference(name, actual.Read(name), expected.Read(name)))
                .FirstOrDefault(difference => difference is not null)
            : $"expected members {string.Join(", ", expected.Names)}, got {string.Join(", ", actual.Names)}";
    }

    private static string? Difference(string name, NumpyArray actual, NumpyArray expected)
    {
        if (actual.ToString() != expected.ToString())
        {
            return $"{name}: expected {expected}, got {actual}";
        }
        if (expected.Description is not ("<f2" or "<f4"))
        {
            return actual.Data.AsSpan().SequenceEqual(expected.Data) ? null : $"{name}: other values";
        }
        var (given, wanted) = (actual.ToFloats(), expected.ToFloats());
        var largest = wanted.Max(Math.Abs);
        var error = given.Zip(wanted, (left, right) => Math.Abs(left - right)).Max() / largest;
        return error <= (expected.Description == "<f2" ? HalfTolerance : SingleTolerance)
            ? null
            : $"{name}: off by {error:0.#e+0} of its largest value";
    }
}
