using Newtonsoft.Json.Linq;
using NodeHost.Graph.Execution;

namespace NodeHost.Graph.Events;

/// <summary>A node failed and ended the run; or, without a timestamp, a blocker's message is shown and the run goes on.</summary>
public sealed record ExecutionFailed(string PromptId, ExecutionError Error, long? Timestamp) : ExecutionEvent(PromptId)
{
    public override string Type => "execution_error";

    public override JObject ToJson()
    {
        var data = new JObject
        {
            ["prompt_id"] = PromptId,
            ["node_id"] = Error.NodeId,
            ["node_type"] = Error.NodeType,
            ["executed"] = new JArray(Error.Executed),
            ["exception_message"] = Error.ExceptionMessage,
            ["exception_type"] = Error.ExceptionType,
            ["traceback"] = new JArray(Error.Traceback),
            // The reference sends a list here when a blocker speaks, an object otherwise.
            ["current_inputs"] = Timestamp is null ? new JArray() : Error.CurrentInputs.DeepClone(),
            ["current_outputs"] = new JArray(Error.CurrentOutputs),
        };
        if (Timestamp is { } timestamp)
        {
            data["timestamp"] = timestamp;
        }
        return data;
    }
}
