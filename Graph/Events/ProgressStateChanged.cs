using System.Collections.Immutable;
using Newtonsoft.Json.Linq;
using NodeHost.Graph.Values;

namespace NodeHost.Graph.Events;

/// <summary>Progress of every node that has started so far. The snapshot is shared, so publishing it costs little.</summary>
public sealed record ProgressStateChanged(string PromptId, ImmutableSortedDictionary<int, NodeProgress> Nodes)
    : ExecutionEvent(PromptId)
{
    public override string Type => "progress_state";

    public override JObject ToJson() =>
        new()
        {
            ["prompt_id"] = PromptId,
            ["nodes"] = new JObject(Nodes.Values.Select(node => new JProperty(node.NodeId, ToJson(node)))),
        };

    private JObject ToJson(NodeProgress node) =>
        new()
        {
            ["value"] = node.Value.DeepClone(),
            ["max"] = node.Total.DeepClone(),
            ["state"] = node.State,
            ["node_id"] = node.NodeId,
            ["prompt_id"] = PromptId,
            ["display_node_id"] = node.DisplayNodeId,
            ["parent_node_id"] = JsonText.OrNull(node.ParentNodeId),
            ["real_node_id"] = node.RealNodeId,
        };
}
