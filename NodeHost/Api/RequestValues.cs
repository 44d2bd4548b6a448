using Microsoft.AspNetCore.Http;
using Newtonsoft.Json.Linq;
using NodeHost.Graph.Values;
using NodeHost.Server;

namespace NodeHost.Api;

/// <summary>Values in request bodies, taken as loosely as ComfyUI takes them.</summary>
internal static class RequestValues
{
    /// <summary>Empty where the key is absent or null.</summary>
    public static IReadOnlyList<string> PromptIds(JObject request, string key) =>
        request[key] switch
        {
            null or { Type: JTokenType.Null } => [],
            JArray ids => [.. ids.Select(PythonText.Str)],
            _ => throw new RequestException(
                StatusCodes.Status400BadRequest,
                "invalid_ids",
                $"Cannot read '{key}' of the request",
                $"'{key}': expected a list of prompt ids."
            ),
        };
}
