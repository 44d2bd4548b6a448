using Microsoft.AspNetCore.Http;
using Newtonsoft.Json.Linq;

namespace NodeHost.Server;

/// <summary>Bounds what JSON may hold, besides the size of its body.</summary>
internal static class JsonLimits
{
    /// <exception cref="RequestException">413, saying which limit it is.</exception>
    public static void Check(JToken json, RequestLimits limits)
    {
        var pending = new Stack<(JToken Token, int Depth)>([(json, 1)]);
        while (pending.TryPop(out var next))
        {
            switch (next.Token)
            {
                case JContainer container:
                    // A property is no level of its own.
                    var depth = container is JProperty ? next.Depth : next.Depth + 1;
                    if (container is JProperty property)
                    {
                        CheckLength(property.Name, limits);
                    }
                    if (depth - 1 > limits.JsonDepth)
                    {
                        throw TooMuch(
                            "json_too_deep",
                            $"The JSON nests deeper than {limits.JsonDepth} levels",
                            "--max-json-depth"
                        );
                    }
                    foreach (var child in container.Children())
                    {
                        pending.Push((child, depth));
                    }
                    break;
                case JValue { Value: string text }:
                    CheckLength(text, limits);
                    break;
            }
        }
    }

    /// <summary>Bounds the nodes of a prompt.</summary>
    public static void CheckPrompt(JToken? prompt, RequestLimits limits)
    {
        if (prompt is JObject nodes && nodes.Count > limits.PromptNodes)
        {
            throw TooMuch(
                "too_many_nodes",
                $"The prompt has {nodes.Count} nodes, and {limits.PromptNodes} are the most",
                "--max-prompt-nodes"
            );
        }
    }

    private static void CheckLength(string text, RequestLimits limits)
    {
        if (text.Length > limits.StringLength)
        {
            throw TooMuch(
                "string_too_long",
                $"The JSON has a string of {text.Length} characters, and {limits.StringLength} are the most",
                "--max-string-length"
            );
        }
    }

    private static RequestException TooMuch(string type, string message, string option) =>
        new(StatusCodes.Status413PayloadTooLarge, type, message, $"The server can be started with another {option}");
}
