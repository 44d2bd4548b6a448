using System.Globalization;
using System.Numerics;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace NodeHost.Graph.Workflows.Canvas;

/// <summary>Reads the loose JSON of canvas files the way JavaScript takes it.</summary>
internal static class CanvasJson
{
    private const double ExponentFrom = 1e21;

    /// <summary>An id, which may be a number or a text; null for anything else.</summary>
    public static string? Id(JToken? token) =>
        token switch
        {
            JValue { Type: JTokenType.String } text => (string?)text.Value,
            JValue { Type: JTokenType.Integer or JTokenType.Float } number => Text(number),
            _ => null,
        };

    /// <summary>A slot, which may be numeric text; -1 for anything else.</summary>
    public static int Slot(JToken? token) =>
        int.TryParse(Id(token), NumberStyles.None, CultureInfo.InvariantCulture, out var slot) ? slot : -1;

    public static string? TextOrNull(JToken? token) => token is JValue { Value: string text } ? text : null;

    /// <summary>The name of a socket's type: a list of choices is a COMBO.</summary>
    public static string TypeName(JToken? token) =>
        token switch
        {
            JArray => "COMBO",
            null => "",
            _ => Id(token) ?? "",
        };

    public static double? Number(JToken? token)
    {
        switch (token)
        {
            case JValue { Value: BigInteger big }:
                // The cast cuts off where JavaScript rounds.
                return double.Parse(big.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
            case JValue { Type: JTokenType.Integer or JTokenType.Float } number:
                return number.ToObject<double>();
            case JValue { Value: string text }
                when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var parsed):
                return parsed;
            default:
                return null;
        }
    }

    /// <summary>The number as JavaScript writes it into JSON: doubles only, whole ones without a point.</summary>
    public static JToken FromNumber(double value)
    {
        if (!double.IsFinite(value))
        {
            return JValue.CreateNull();
        }
        if (value != Math.Floor(value) || Math.Abs(value) >= ExponentFrom)
        {
            return new JValue(value);
        }
        var whole = BigInteger.Parse(
            value.ToString("R", CultureInfo.InvariantCulture),
            NumberStyles.Float,
            CultureInfo.InvariantCulture
        );
        return whole >= long.MinValue && whole <= long.MaxValue ? new JValue((long)whole) : new JValue(whole);
    }

    /// <summary>A value with its numbers as JavaScript has them.</summary>
    public static JToken Normalize(JToken value)
    {
        switch (value)
        {
            case JValue { Type: JTokenType.Integer or JTokenType.Float }:
                return FromNumber(Number(value)!.Value);
            case JContainer container:
                var copy = (JContainer)container.DeepClone();
                var numbers = copy.DescendantsAndSelf()
                    .OfType<JValue>()
                    .Where(leaf => leaf.Type is JTokenType.Integer or JTokenType.Float);
                foreach (var number in numbers.ToArray())
                {
                    number.Replace(FromNumber(Number(number)!.Value));
                }
                return copy;
            default:
                return value.DeepClone();
        }
    }

    /// <summary>A value as a text area shows it.</summary>
    public static string Text(JToken? value) =>
        value switch
        {
            null or { Type: JTokenType.Null } => "",
            JValue { Value: string text } => text,
            JValue { Value: bool flag } => flag ? "true" : "false",
            JArray list => string.Join(',', list.Select(Text)),
            JObject => "[object Object]",
            _ => FromNumber(Number(value) ?? 0).ToString(Formatting.None),
        };
}
