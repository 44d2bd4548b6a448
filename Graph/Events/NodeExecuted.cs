using Newtonsoft.Json.Linq;

namespace NodeHost.Graph.Events;

/// <summary>A node shows something, or was served from the cache (then the output may be null).</summary>
public sealed record NodeExecuted(string PromptId, string NodeId, string DisplayNodeId, JObject? Output)
    : ExecutionEvent(PromptId)
{
    public override string Type => "executed";

    public override JObject ToJson() =>
        new()
        {
            ["node"] = NodeId,
            ["display_node"] = DisplayNodeId,
            ["output"] = Output?.DeepClone(),
            ["prompt_id"] = PromptId,
        };
}
