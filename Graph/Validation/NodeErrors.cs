using Newtonsoft.Json.Linq;

namespace NodeHost.Graph.Validation;

/// <summary>All problems of one node, and the outputs that cannot run because of them.</summary>
public sealed record NodeErrors(
    string NodeId,
    string ClassType,
    IReadOnlyList<PromptError> Errors,
    IReadOnlyList<string> DependentOutputs
)
{
    public JObject ToJson() =>
        new()
        {
            ["errors"] = new JArray(Errors.Select(error => error.ToJson())),
            ["dependent_outputs"] = new JArray(DependentOutputs),
            ["class_type"] = ClassType,
        };
}
