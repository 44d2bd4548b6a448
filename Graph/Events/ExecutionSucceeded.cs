using Newtonsoft.Json.Linq;

namespace NodeHost.Graph.Events;

/// <summary>All outputs are done.</summary>
public sealed record ExecutionSucceeded(string PromptId, long Timestamp) : ExecutionEvent(PromptId)
{
    public override string Type => "execution_success";

    public override JObject ToJson() => new() { ["prompt_id"] = PromptId, ["timestamp"] = Timestamp };
}
