using Newtonsoft.Json.Linq;

namespace NodeHost.Graph.Events;

/// <summary>A text that a running node shows. It travels as a binary frame; the JSON is for logs.</summary>
public sealed record NodeTextShown(string PromptId, string NodeId, string Text) : ExecutionEvent(PromptId)
{
    public override string Type => "progress_text";

    public override JObject ToJson() => new() { ["node"] = NodeId, ["text"] = Text };
}
