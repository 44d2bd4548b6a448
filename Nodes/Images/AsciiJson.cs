using System.Globalization;
using System.Numerics;
using System.Text;
using Newtonsoft.Json.Linq;
using NodeHost.Graph.Values;

namespace NodeHost.Nodes.Images;

/// <summary>JSON as Python's <c>json.dumps</c> writes it: ", " and ": ", everything beyond ASCII escaped.</summary>
/// <remarks>NaN and infinities, which Python writes and no browser reads, become null.</remarks>
internal static class AsciiJson
{
    public static string Write(JToken token)
    {
        var text = new StringBuilder();
        Append(text, token);
        return text.ToString();
    }

    private static void Append(StringBuilder text, JToken token)
    {
        switch (token)
        {
            case JObject members:
                AppendMany(
                    text,
                    "{}",
                    members.Properties(),
                    member =>
                    {
                        AppendText(text, member.Name);
                        text.Append(": ");
                        Append(text, member.Value);
                    }
                );
                break;
            case JArray items:
                AppendMany(text, "[]", items, item => Append(text, item));
                break;
            case JValue { Value: string content }:
                AppendText(text, content);
                break;
            case JValue { Value: bool flag }:
                text.Append(flag ? "true" : "false");
                break;
            case JValue { Type: JTokenType.Float } number when double.IsFinite(number.Value<double>()):
                text.Append(PythonText.Repr(number.Value<double>()));
                break;
            case JValue { Value: long or ulong or int or BigInteger } whole:
                text.Append(CultureInfo.InvariantCulture, $"{whole.Value}");
                break;
            default:
                text.Append("null");
                break;
        }
    }

    private static void AppendMany<T>(StringBuilder text, string brackets, IEnumerable<T> items, Action<T> append)
    {
        text.Append(brackets[0]);
        var separator = "";
        foreach (var item in items)
        {
            text.Append(separator);
            append(item);
            separator = ", ";
        }

        text.Append(brackets[1]);
    }

    private static void AppendText(StringBuilder text, string content)
    {
        text.Append('"');
        foreach (var letter in content)
        {
            _ = letter switch
            {
                '"' => text.Append("\\\""),
                '\\' => text.Append("\\\\"),
                '\n' => text.Append("\\n"),
                '\r' => text.Append("\\r"),
                '\t' => text.Append("\\t"),
                '\b' => text.Append("\\b"),
                '\f' => text.Append("\\f"),
                < ' ' or > '~' => text.Append(CultureInfo.InvariantCulture, $"\\u{(int)letter:x4}"),
                _ => text.Append(letter),
            };
        }

        text.Append('"');
    }
}
