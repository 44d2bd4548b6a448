using System.Diagnostics.CodeAnalysis;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;
using NodeHost.Graph.Values;
using NodeHost.Graph.Workflows;

namespace NodeHost.Graph.Validation;

/// <summary>Reads the body of <c>POST /prompt</c>. Whatever ComfyUI answers with 500 is an error with a remedy here.</summary>
public static class PromptRequestReader
{
    /// <summary>True with a request, or false with a refusal to send back.</summary>
    public static bool TryRead(
        string body,
        [NotNullWhen(true)] out PromptRequest? request,
        [NotNullWhen(false)] out PromptValidation? refusal
    )
    {
        request = null;
        refusal = null;
        try
        {
            refusal = Read(PromptJson.Parse(body), out request);
        }
        catch (JsonException error)
        {
            refusal = PromptValidation.Refused("invalid_json", "The request body is not valid JSON", error.Message);
        }
        return refusal is null;
    }

    /// <summary>As <see cref="TryRead(string, out PromptRequest?, out PromptValidation?)"/>, for a body already parsed.</summary>
    public static bool TryRead(
        JToken body,
        [NotNullWhen(true)] out PromptRequest? request,
        [NotNullWhen(false)] out PromptValidation? refusal
    )
    {
        refusal = Read(body, out request);
        return refusal is null;
    }

    private static PromptValidation? Read(JToken body, out PromptRequest? request)
    {
        request = null;
        if (body is not JObject members || !members.ContainsKey("prompt"))
        {
            return PromptValidation.Refused("no_prompt", "No prompt provided", "No prompt provided");
        }
        if (members["prompt"] is not JObject prompt)
        {
            return Invalid("prompt", "an object of nodes by id", members["prompt"]);
        }
        if (
            members["number"] is { } number
            && !(number.Type is JTokenType.Integer or JTokenType.Float && double.IsFinite((double)number))
        )
        {
            return Invalid("number", "a number", number);
        }
        if (members["extra_data"] is { Type: not (JTokenType.Null or JTokenType.Object) } extra)
        {
            return Invalid("extra_data", "an object", extra);
        }
        var targets = members["partial_execution_targets"];
        if (targets is { Type: not (JTokenType.Null or JTokenType.Array) })
        {
            return Invalid("partial_execution_targets", "a list of node ids", targets);
        }
        var clientId = members["client_id"] is { Type: not JTokenType.Null } client ? PythonText.Str(client) : null;
        var extraData = (JObject?)(members["extra_data"] as JObject)?.DeepClone() ?? [];
        if (members["client_id"] is { } given)
        {
            extraData["client_id"] = given.DeepClone();
        }
        request = new(prompt)
        {
            PromptId = members["prompt_id"] is { Type: not JTokenType.Null } id ? PythonText.Str(id) : null,
            ClientId = clientId,
            Number = (double?)members["number"],
            Front = PythonConversion.IsTrue(members["front"]),
            ExtraData = extraData,
            PartialExecutionTargets = (targets as JArray)?.Select(PythonText.Str).ToArray(),
        };
        return null;
    }

    private static PromptValidation Invalid(string key, string expected, JToken? given) =>
        PromptValidation.Refused(
            "invalid_prompt",
            $"Cannot read '{key}' of the request",
            $"'{key}': expected {expected}, got {PythonConversion.TypeName(given)}."
        );
}
