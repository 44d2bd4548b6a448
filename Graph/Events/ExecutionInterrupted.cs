using Newtonsoft.Json.Linq;

namespace NodeHost.Graph.Events;

/// <summary>The user stopped the run.</summary>
public sealed record ExecutionInterrupted(
    string PromptId,
    string NodeId,
    string NodeType,
    IReadOnlyList<string> Executed,
    long Timestamp
) : ExecutionEvent(PromptId)
{
    public override string Type => "execution_interrupted";

    public override JObject ToJson() =>
        new()
        {
            ["prompt_id"] = PromptId,
            ["node_id"] = NodeId,
            ["node_type"] = NodeType,
            ["executed"] = new JArray(Executed),
            ["timestamp"] = Timestamp,
        };
}
