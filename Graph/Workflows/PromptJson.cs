using System.Text;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace NodeHost.Graph.Workflows;

/// <summary>Reads and writes the JSON of prompts: order and number kinds are kept, depth is bounded, NaN never leaves.</summary>
public static class PromptJson
{
    /// <summary>Deeper nesting is refused, because writing JSON recurses.</summary>
    public const int MaxDepth = 200;

    private static readonly JsonLoadSettings Settings = new()
    {
        // As Python: the last of equal keys counts, at the place of the first.
        DuplicatePropertyNameHandling = DuplicatePropertyNameHandling.Replace,
        CommentHandling = CommentHandling.Ignore,
    };

    /// <exception cref="JsonException">The text is no JSON, has text after it, or nests deeper than <see cref="MaxDepth"/>.</exception>
    public static JToken Parse(string text)
    {
        RejectLeniency(text);
        using var reader = new JsonTextReader(new StringReader(text))
        {
            DateParseHandling = DateParseHandling.None,
            FloatParseHandling = FloatParseHandling.Double,
            MaxDepth = MaxDepth,
        };
        var token = JToken.ReadFrom(reader, Settings);
        while (reader.Read())
        {
            if (reader.TokenType != JsonToken.Comment)
            {
                throw new JsonReaderException("There is text after the end of the JSON value.");
            }
        }
        return token;
    }

    /// <summary>Newtonsoft reads much that is no JSON; only the NaN and Infinity that Python writes are let through.</summary>
    private static void RejectLeniency(string text)
    {
        var isFromPython =
            text.Contains("NaN", StringComparison.Ordinal) || text.Contains("Infinity", StringComparison.Ordinal);
        if (isFromPython)
        {
            return;
        }
        try
        {
            var reader = new System.Text.Json.Utf8JsonReader(
                Encoding.UTF8.GetBytes(text),
                new() { MaxDepth = MaxDepth }
            );
            while (reader.Read()) { }
        }
        catch (System.Text.Json.JsonException error)
        {
            throw new JsonReaderException(error.Message, error);
        }
    }

    /// <summary>Strict JSON: NaN and infinities, which no client can read, become null.</summary>
    public static string Write(JToken token, bool indented = false)
    {
        using var text = new StringWriter();
        using var writer = new StrictWriter(text) { Formatting = indented ? Formatting.Indented : Formatting.None };
        token.WriteTo(writer);
        writer.Flush();
        return text.ToString();
    }

    private sealed class StrictWriter(TextWriter text) : JsonTextWriter(text)
    {
        public override void WriteValue(double value)
        {
            if (double.IsFinite(value))
            {
                base.WriteValue(value);
            }
            else
            {
                WriteNull();
            }
        }
    }
}
