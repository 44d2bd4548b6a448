using Newtonsoft.Json.Linq;

namespace NodeHost.Graph.Events;

/// <summary>A node, or the executor about a node, has something to say that is no error. For logs: no client knows this type.</summary>
public sealed record NodeWarned(string PromptId, string NodeId, string Message) : ExecutionEvent(PromptId)
{
    public override string Type => "warning";

    public override JObject ToJson() => new() { ["node"] = NodeId, ["message"] = Message };
}
