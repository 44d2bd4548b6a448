using System.Globalization;
using System.Numerics;
using System.Text;
using Newtonsoft.Json.Linq;

namespace NodeHost.Graph.Values;

/// <summary>Values as Python prints them, because ComfyUI's messages quote them that way.</summary>
public static class PythonText
{
    /// <summary>As <c>str(value)</c>: text stands for itself.</summary>
    public static string Str(JToken? value) => value is JValue { Value: string text } ? text : Repr(value);

    /// <summary>As <c>repr(value)</c>: text is quoted.</summary>
    public static string Repr(JToken? value)
    {
        var builder = new StringBuilder();
        AppendRepr(builder, value);
        return builder.ToString();
    }

    public static string Repr(string text)
    {
        var builder = new StringBuilder();
        AppendQuoted(builder, text);
        return builder.ToString();
    }

    /// <summary>As <c>repr(float)</c>: shortest digits that round-trip, <c>1.0</c> and <c>1e-05</c>.</summary>
    public static string Repr(double value)
    {
        if (!double.IsFinite(value))
        {
            return double.IsNaN(value) ? "nan"
                : value > 0 ? "inf"
                : "-inf";
        }
        if (value == 0)
        {
            return double.IsNegative(value) ? "-0.0" : "0.0";
        }
        var magnitude = Math.Abs(value);
        if (magnitude is >= 1e-4 and < 1e16)
        {
            var shortest = value.ToString("R", CultureInfo.InvariantCulture);
            // .NET turns to exponents from 1e15 on, Python from 1e16 on.
            var plain = shortest.Contains('E', StringComparison.Ordinal) ? ExpandExponent(shortest) : shortest;
            return plain.Contains('.', StringComparison.Ordinal) ? plain : plain + ".0";
        }
        return Scientific(value.ToString("R", CultureInfo.InvariantCulture));
    }

    /// <summary>Shortest digits as <c>1.5e+300</c>, whether .NET wrote them with an exponent or not.</summary>
    private static string Scientific(string shortest)
    {
        var sign = shortest.StartsWith('-') ? "-" : "";
        var parts = shortest[sign.Length..].Split('E');
        var exponent = parts.Length > 1 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : 0;
        var point = parts[0].IndexOf('.', StringComparison.Ordinal);
        exponent += (point < 0 ? parts[0].Length : point) - 1;
        var digits = parts[0].Replace(".", "", StringComparison.Ordinal);
        var leadingZeros = digits.Length - digits.TrimStart('0').Length;
        digits = digits.Trim('0');
        exponent -= leadingZeros;
        var fraction = digits.Length > 1 ? "." + digits[1..] : "";
        return $"{sign}{digits[0]}{fraction}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}";
    }

    private static string ExpandExponent(string text) =>
        decimal.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture);

    private static void AppendRepr(StringBuilder builder, JToken? value)
    {
        switch (value)
        {
            case JArray array:
                AppendList(builder, '[', ']', array, item => AppendRepr(builder, item));
                break;
            case JObject members:
                AppendList(
                    builder,
                    '{',
                    '}',
                    members.Properties(),
                    property =>
                    {
                        AppendQuoted(builder, property.Name);
                        builder.Append(": ");
                        AppendRepr(builder, property.Value);
                    }
                );
                break;
            case JValue { Value: string text }:
                AppendQuoted(builder, text);
                break;
            case JValue { Value: bool flag }:
                builder.Append(flag ? "True" : "False");
                break;
            case JValue { Type: JTokenType.Float } number:
                builder.Append(Repr(number.Value<double>()));
                break;
            case JValue { Value: BigInteger big }:
                builder.Append(big.ToString(CultureInfo.InvariantCulture));
                break;
            case JValue { Value: not null } other:
                builder.Append(Convert.ToString(other.Value, CultureInfo.InvariantCulture));
                break;
            default:
                builder.Append("None");
                break;
        }
    }

    private static void AppendList<T>(
        StringBuilder builder,
        char open,
        char close,
        IEnumerable<T> items,
        Action<T> append
    )
    {
        builder.Append(open);
        var first = true;
        foreach (var item in items)
        {
            if (!first)
            {
                builder.Append(", ");
            }
            first = false;
            append(item);
        }
        builder.Append(close);
    }

    private static void AppendQuoted(StringBuilder builder, string text)
    {
        var quote =
            text.Contains('\'', StringComparison.Ordinal) && !text.Contains('"', StringComparison.Ordinal) ? '"' : '\'';
        builder.Append(quote);
        foreach (var character in text)
        {
            _ = character switch
            {
                '\\' => builder.Append(@"\\"),
                '\n' => builder.Append(@"\n"),
                '\r' => builder.Append(@"\r"),
                '\t' => builder.Append(@"\t"),
                _ when character == quote => builder.Append('\\').Append(quote),
                < ' ' or (>= '\x7f' and <= '\xa0') or '\xad' => builder.Append($"\\x{(int)character:x2}"),
                _ => builder.Append(character),
            };
        }
        builder.Append(quote);
    }
}
