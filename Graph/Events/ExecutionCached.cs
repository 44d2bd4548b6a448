using Newtonsoft.Json.Linq;

namespace NodeHost.Graph.Events;

/// <summary>The nodes whose results are known already, needed or not; sent even when there are none.</summary>
public sealed record ExecutionCached(string PromptId, IReadOnlyList<string> NodeIds, long Timestamp)
    : ExecutionEvent(PromptId)
{
    public override string Type => "execution_cached";

    public override JObject ToJson() =>
        new()
        {
            ["nodes"] = new JArray(NodeIds),
            ["prompt_id"] = PromptId,
            ["timestamp"] = Timestamp,
        };
}
