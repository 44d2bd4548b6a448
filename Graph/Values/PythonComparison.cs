using System.Globalization;
using System.Numerics;
using Newtonsoft.Json.Linq;

namespace NodeHost.Graph.Values;

/// <summary>Comparison of JSON values as Python does it: <c>1 == 1.0 == True</c>, <c>"1"</c> is none of them.</summary>
internal static class PythonComparison
{
    public static bool AreEqual(JToken first, JToken second) =>
        Number(first) is { } left && Number(second) is { } right
            ? Compare(left, right) == 0
            : first is JValue && second is JValue && JToken.DeepEquals(first, second);

    /// <summary>Negative, zero or positive; null where Python would raise TypeError. NaN is neither smaller nor bigger.</summary>
    public static int? Compare(JToken value, object bound) => Number(value) is { } left ? Compare(left, bound) : null;

    private static object? Number(JToken token) =>
        token is JValue { Value: bool or long or ulong or int or double or float or BigInteger } value
            ? value.Value
            : null;

    private static int Compare(object first, object second)
    {
        if (Whole(first) is { } left && Whole(second) is { } right)
        {
            return left.CompareTo(right);
        }
        var (x, y) = (Real(first), Real(second));
        return x < y ? -1
            : x > y ? 1
            : 0;
    }

    private static BigInteger? Whole(object number) =>
        number switch
        {
            bool flag => flag ? 1 : 0,
            long whole => whole,
            int whole => whole,
            ulong whole => whole,
            BigInteger whole => whole,
            double real when double.IsInteger(real) => new BigInteger(real),
            float real when float.IsInteger(real) => new BigInteger(real),
            _ => null,
        };

    private static double Real(object number) =>
        number is BigInteger big ? (double)big : Convert.ToDouble(number, CultureInfo.InvariantCulture);
}
