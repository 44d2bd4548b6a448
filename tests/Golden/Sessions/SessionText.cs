using Newtonsoft.Json.Linq;
using NodeHost.Graph.Workflows;

namespace NodeHost.Golden.Sessions;

/// <summary>The placeholders and sizes of the recorded session.</summary>
internal static class SessionText
{
    /// <summary>JSON with the ids of this run replaced by the recording's placeholders.</summary>
    public static JToken Masked(JToken token, IReadOnlyDictionary<string, string> placeholders) =>
        PromptJson.Parse(
            placeholders.Aggregate(
                PromptJson.Write(token),
                (text, id) => text.Replace(id.Key, id.Value, StringComparison.Ordinal)
            )
        );

    /// <summary>How long the JSON is as ComfyUI writes it: with a space after each comma and colon.</summary>
    public static int Length(JToken token) =>
        PromptJson.Write(token).Length
        + (token is JContainer container ? container.DescendantsAndSelf().Sum(Spaces) : 0);

    /// <summary>Null when an answer of <c>/internal/logs</c> has the shape of one; what is in a log is each server's own.</summary>
    public static string? LogDifference(string path, JToken body)
    {
        var isAsRecorded = path.EndsWith("/raw", StringComparison.Ordinal)
            ? body is JObject log
                && log["entries"] is JArray entries
                && entries.All(entry => entry["t"]?.Type == JTokenType.String && entry["m"]?.Type == JTokenType.String)
                && log["size"] is JObject { Count: 2 } size
                && size["cols"]?.Type == JTokenType.Integer
                && size["rows"]?.Type == JTokenType.Integer
            : body.Type == JTokenType.String;
        return isAsRecorded ? null : $"not the shape of a log: {PromptJson.Write(body)}";
    }

    private static int Spaces(JToken token) =>
        token switch
        {
            JObject item => item.Count + Math.Max(0, item.Count - 1),
            JArray items => Math.Max(0, items.Count - 1),
            _ => 0,
        };
}
