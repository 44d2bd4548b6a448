using System.Globalization;

namespace NodeHost.Cli;

/// <summary>A number of bytes as people write it: <c>8G</c>, <c>500M</c>, <c>1.5GiB</c>, <c>4000000000</c>; letters stand for powers of 1024.</summary>
internal static class ByteSize
{
    private const string Letters = "KMGT";

    public static bool TryParse(string text, out long bytes)
    {
        var number = text.Trim().ToUpperInvariant();
        number = number.EndsWith("IB", StringComparison.Ordinal) ? number[..^2] : number.TrimEnd('B');
        var power = number.Length == 0 ? 0 : Letters.IndexOf(number[^1], StringComparison.Ordinal) + 1;
        var factor = Math.Pow(1024, power);
        bytes = 0;
        if (
            !double.TryParse(
                power == 0 ? number : number[..^1],
                NumberStyles.AllowDecimalPoint,
                CultureInfo.InvariantCulture,
                out var value
            )
            || value * factor >= long.MaxValue
        )
        {
            return false;
        }
        bytes = (long)(value * factor);
        return true;
    }
}
