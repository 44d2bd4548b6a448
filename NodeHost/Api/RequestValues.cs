using System.Numerics;
using Microsoft.AspNetCore.Http;
using Newtonsoft.Json.Linq;
using NodeHost.Graph.Values;
using NodeHost.Server;

namespace NodeHost.Api;

/// <summary>Values in request bodies, taken as loosely as ComfyUI takes them.</summary>
internal static class RequestValues
{
    /// <summary>As Python sees it: null, false, 0 and what is empty are not.</summary>
    public static bool IsTrue(JToken? value) =>
        value switch
        {
            JContainer container => container.Count > 0,
            JValue { Value: string text } => text.Length > 0,
            JValue { Value: bool flag } => flag,
            JValue { Value: long number } => number != 0,
            JValue { Value: BigInteger number } => !number.IsZero,
            JValue { Value: double number } => number != 0,
            _ => false,
        };

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
