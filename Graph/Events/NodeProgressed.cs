using Newtonsoft.Json.Linq;

namespace NodeHost.Graph.Events;

/// <summary>A node reports a step.</summary>
public sealed record NodeProgressed(string PromptId, string NodeId, JToken Value, JToken Total)
    : ExecutionEvent(PromptId)
{
    public override string Type => "progress";

    public override JObject ToJson() =>
        new()
        {
            ["value"] = Value.DeepClone(),
            ["max"] = Total.DeepClone(),
            ["prompt_id"] = PromptId,
            ["node"] = NodeId,
        };
}
