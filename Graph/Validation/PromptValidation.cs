using Newtonsoft.Json.Linq;
using NodeHost.Graph.Workflows;

namespace NodeHost.Graph.Validation;

/// <summary>The verdict on a prompt: accepted with the outputs that can run, or refused; either way with all problems.</summary>
public sealed record PromptValidation
{
    /// <summary>Null when the prompt is accepted.</summary>
    public PromptError? Error { get; init; }

    /// <summary>What is to be run: the request with constants converted. Null only when the request was unreadable.</summary>
    public PromptRequest? Request { get; init; }

    /// <summary>Output nodes that can run, in prompt order.</summary>
    public IReadOnlyList<string> Outputs { get; init; } = [];

    public IReadOnlyList<NodeErrors> NodeErrors { get; init; } = [];

    /// <summary>Nodes that wait for each other, by name. ComfyUI's answer has no place for them, so only programs see this.</summary>
    public IReadOnlyList<string> Cycles { get; init; } = [];

    public bool Accepted => Error is null;

    /// <summary>The HTTP status that goes with <see cref="ToResponseJson"/>.</summary>
    public int StatusCode => Accepted ? 200 : 400;

    /// <summary>The body of the answer to <c>POST /prompt</c>; id and number matter only to an accepted prompt.</summary>
    public JObject ToResponseJson(string promptId = "", JToken? number = null)
    {
        var nodeErrors = new JObject(NodeErrors.Select(errors => new JProperty(errors.NodeId, errors.ToJson())));
        return Error is null
            ? new()
            {
                ["prompt_id"] = promptId,
                ["number"] = number ?? 0,
                ["node_errors"] = nodeErrors,
            }
            : new() { ["error"] = Error.ToJson(), ["node_errors"] = nodeErrors };
    }

    internal static PromptValidation Refused(string type, string message, string details) =>
        new() { Error = new(type, message, details) };
}
