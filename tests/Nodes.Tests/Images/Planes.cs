namespace NodeHost.Tests.Nodes.Images;

/// <summary>Formulas over planes of numbers, written out place by place.</summary>
internal static class Planes
{
    public static IEnumerable<(int Y, int X)> Around(int radius) =>
        from y in Enumerable.Range(-radius, (2 * radius) + 1)
        from x in Enumerable.Range(-radius, (2 * radius) + 1)
        select (y, x);

    public static int Mirror(int index, int length)
    {
        index = Math.Abs(index);
        return index < length ? index : (2 * (length - 1)) - index;
    }

    public static void Fill(double[,] values, Func<int, int, double> value)
    {
        for (var y = 0; y < values.GetLength(0); y++)
        {
            for (var x = 0; x < values.GetLength(1); x++)
            {
                values[y, x] = value(y, x);
            }
        }
    }

    public static void AssertSame(double[,] expected, double[,] actual, double tolerance) =>
        Assert.All(
            expected.Cast<double>().Zip(actual.Cast<double>()),
            pair => Assert.Equal(pair.First, pair.Second, tolerance)
        );

    public static void Close(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
    }
}
