using Newtonsoft.Json.Linq;

namespace NodeHost.Graph.Events;

/// <summary>A node starts, or starts again after waiting for lazy inputs.</summary>
public sealed record NodeExecuting(string PromptId, string NodeId, string DisplayNodeId) : ExecutionEvent(PromptId)
{
    public override string Type => "executing";

    public override JObject ToJson() =>
        new()
        {
            ["node"] = NodeId,
            ["display_node"] = DisplayNodeId,
            ["prompt_id"] = PromptId,
        };
}
