using Newtonsoft.Json.Linq;

namespace NodeHost.Graph.Events;

/// <summary>A run begins.</summary>
public sealed record ExecutionStarted(string PromptId, long Timestamp) : ExecutionEvent(PromptId)
{
    public override string Type => "execution_start";

    public override JObject ToJson() => new() { ["prompt_id"] = PromptId, ["timestamp"] = Timestamp };
}
