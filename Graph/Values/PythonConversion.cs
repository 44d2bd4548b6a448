using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;
using Newtonsoft.Json.Linq;

namespace NodeHost.Graph.Values;

/// <summary>Converts constants the way <c>int()</c>, <c>float()</c>, <c>str()</c> and <c>bool()</c> do.</summary>
public static partial class PythonConversion
{
    private const int MaxDigits = 4300;

    /// <summary>The value as the socket type wants it; other types pass through unchanged.</summary>
    internal static JToken To(string? socketType, JToken value) =>
        socketType switch
        {
            "INT" => ToInt(value),
            "FLOAT" => new JValue(ToFloat(value)),
            "STRING" => new JValue(PythonText.Str(value)),
            "BOOLEAN" => new JValue(IsTrue(value)),
            _ => value,
        };

    /// <summary>As <c>bool()</c> sees it: null, false, 0 and what is empty are not true.</summary>
    public static bool IsTrue(JToken? value) =>
        value switch
        {
            JContainer container => container.Count > 0,
            JValue { Value: string text } => text.Length > 0,
            JValue { Value: bool flag } => flag,
            JValue { Value: BigInteger big } => !big.IsZero,
            JValue { Type: JTokenType.Integer or JTokenType.Float } number => number.Value<double>() != 0,
            _ => false,
        };

    private static JValue ToInt(JToken value) =>
        value switch
        {
            JValue { Type: JTokenType.Integer } whole => whole,
            JValue { Value: bool flag } => new JValue(flag ? 1L : 0L),
            JValue { Type: JTokenType.Float } number => Truncate(number.Value<double>()),
            JValue { Value: string text } => ParseInt(text),
            _ => throw new PythonConversionException(
                $"int() argument must be a string, a bytes-like object or a real number, not '{TypeName(value)}'"
            ),
        };

    private static JValue Truncate(double number)
    {
        if (double.IsNaN(number))
        {
            throw new PythonConversionException("cannot convert float NaN to integer");
        }
        return double.IsInfinity(number)
            ? throw new PythonConversionException("cannot convert float infinity to integer")
            : Whole(new BigInteger(number));
    }

    private static JValue ParseInt(string text)
    {
        var trimmed = text.Trim();
        if (!IntPattern().IsMatch(trimmed))
        {
            throw new PythonConversionException($"invalid literal for int() with base 10: {PythonText.Repr(text)}");
        }
        var digits = trimmed.Replace("_", "", StringComparison.Ordinal);
        var count = digits.Length - (digits[0] is '+' or '-' ? 1 : 0);
        return count > MaxDigits
            ? throw new PythonConversionException(
                $"Exceeds the limit ({MaxDigits} digits) for integer string conversion: value has {count} digits; "
                    + "use sys.set_int_max_str_digits() to increase the limit"
            )
            : Whole(BigInteger.Parse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture));
    }

    private static double ToFloat(JToken value) =>
        value switch
        {
            JValue { Type: JTokenType.Float } number => number.Value<double>(),
            JValue { Value: bool flag } => flag ? 1 : 0,
            JValue { Value: BigInteger big } => Finite((double)big),
            JValue { Type: JTokenType.Integer } whole => whole.Value<double>(),
            JValue { Value: string text } => ParseFloat(text),
            _ => throw new PythonConversionException(
                $"float() argument must be a string or a real number, not '{TypeName(value)}'"
            ),
        };

    private static double Finite(double number) =>
        double.IsFinite(number) ? number : throw new PythonConversionException("int too large to convert to float");

    private static double ParseFloat(string text)
    {
        var trimmed = text.Trim();
        if (FloatPattern().IsMatch(trimmed))
        {
            return double.Parse(
                trimmed.Replace("_", "", StringComparison.Ordinal),
                NumberStyles.Float,
                CultureInfo.InvariantCulture
            );
        }
        return trimmed.ToLowerInvariant() switch
        {
            "inf" or "+inf" or "infinity" or "+infinity" => double.PositiveInfinity,
            "-inf" or "-infinity" => double.NegativeInfinity,
            "nan" or "+nan" or "-nan" => double.NaN,
            _ => throw new PythonConversionException($"could not convert string to float: {PythonText.Repr(text)}"),
        };
    }

    private static JValue Whole(BigInteger number) =>
        number >= long.MinValue && number <= long.MaxValue ? new JValue((long)number) : new JValue(number);

    internal static string TypeName(JToken? value) =>
        value switch
        {
            JArray => "list",
            JObject => "dict",
            JValue { Value: string } => "str",
            JValue { Value: bool } => "bool",
            JValue { Type: JTokenType.Integer } => "int",
            JValue { Type: JTokenType.Float } => "float",
            _ => "NoneType",
        };

    [GeneratedRegex(@"^[+-]?[0-9]+(_[0-9]+)*$")]
    private static partial Regex IntPattern();

    [GeneratedRegex(@"^[+-]?([0-9]+(_[0-9]+)*\.?([0-9]+(_[0-9]+)*)?|\.[0-9]+(_[0-9]+)*)([eE][+-]?[0-9]+(_[0-9]+)*)?$")]
    private static partial Regex FloatPattern();
}
