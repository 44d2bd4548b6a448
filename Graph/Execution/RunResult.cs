using Newtonsoft.Json.Linq;
using NodeHost.Graph.Caching;
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

    /// <summary>Why each node of the prompt was run or was not.</summary>
    public IReadOnlyList<CacheDecision> Decisions { get; init; } = [];

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
            ["outputs"] = OutputsToJson(),
            ["status"] = StatusToJson(),
            ["meta"] = MetaToJson(),
        };
    }

    /// <summary>What nodes showed, by node.</summary>
    public JObject OutputsToJson() => new(Displays.Select(ui => new JProperty(ui.NodeId, ui.Output.DeepClone())));

    /// <summary>How the run ended, with the events that history keeps.</summary>
    public JObject StatusToJson() =>
        new()
        {
            ["status_str"] = Status == RunStatus.Succeeded ? "success" : "error",
            ["completed"] = Status == RunStatus.Succeeded,
            ["messages"] = new JArray(Messages.Select(message => new JArray(message.Type, message.ToJson()))),
        };

    /// <summary>Which nodes of the canvas the displays belong to.</summary>
    public JObject MetaToJson() => new(Displays.Select(ui => new JProperty(ui.NodeId, Meta(ui))));

    /// <summary><see cref="Decisions"/> by node.</summary>
    public JObject DecisionsToJson() =>
        new(Decisions.Select(decision => new JProperty(decision.NodeId, decision.ToJson())));

    private static JObject Meta(NodeUi ui) =>
        new()
        {
            ["node_id"] = ui.NodeId,
            ["display_node"] = ui.DisplayNodeId,
            ["parent_node"] = JsonText.OrNull(ui.ParentNodeId),
            ["real_node_id"] = ui.RealNodeId,
        };
}
