using Newtonsoft.Json.Linq;
using NodeHost.Graph.Events;
using NodeHost.Graph.Values;

namespace NodeHost.Graph.Execution;

/// <summary>Everything that is left of a run once it has ended.</summary>
public sealed record RunResult
{
    private static readonly string[] Secrets = ["auth_token_comfy_org", "api_key_comfy_org"];

    public required RunRequest Request { get; init; }

    public required RunStatus Status { get; init; }

    /// <summary>Set when the run failed.</summary>
    public ExecutionError? Error { get; init; }

    /// <summary>Non-empty displays of nodes, also of those served from the cache.</summary>
    public required IReadOnlyList<NodeUi> Displays { get; init; }

    /// <summary>The events that history keeps.</summary>
    public required IReadOnlyList<ExecutionEvent> Messages { get; init; }

    /// <summary>Nodes that ran, in the order in which they finished.</summary>
    public required IReadOnlyList<string> Executed { get; init; }

    /// <summary>The entry of <c>/history</c>.</summary>
    public JObject ToHistoryEntry(JToken number)
    {
        var extraData = (JObject)Request.ExtraData.DeepClone();
        foreach (var secret in Secrets)
        {
            extraData.Remove(secret);
        }
        return new()
        {
            ["prompt"] = new JArray(
                number.DeepClone(),
                Request.PromptId,
                Request.Prompt.DeepClone(),
                extraData,
                new JArray(Request.Outputs)
            ),
            ["outputs"] = new JObject(Displays.Select(ui => new JProperty(ui.NodeId, ui.Output.DeepClone()))),
            ["status"] = new JObject
            {
                ["status_str"] = Status == RunStatus.Succeeded ? "success" : "error",
                ["completed"] = Status == RunStatus.Succeeded,
                ["messages"] = new JArray(Messages.Select(message => new JArray(message.Type, message.ToJson()))),
            },
            ["meta"] = new JObject(Displays.Select(ui => new JProperty(ui.NodeId, Meta(ui)))),
        };
    }

    private static JObject Meta(NodeUi ui) =>
        new()
        {
            ["node_id"] = ui.NodeId,
            ["display_node"] = ui.DisplayNodeId,
            ["parent_node"] = JsonText.OrNull(ui.ParentNodeId),
            ["real_node_id"] = ui.RealNodeId,
        };
}
