using Newtonsoft.Json.Linq;
using NodeHost.Graph.Contracts;
using NodeHost.Graph.Values;

namespace NodeHost.Graph.Events;

/// <summary>A picture of work in progress. It travels as a binary frame; <see cref="ToJson"/> is that frame's metadata.</summary>
public sealed record NodePreviewed(string PromptId, NodeProgress Node, NodePreview Preview) : ExecutionEvent(PromptId)
{
    public override string Type => "preview";

    public override JObject ToJson() =>
        new()
        {
            ["node_id"] = Node.NodeId,
            ["prompt_id"] = PromptId,
            ["display_node_id"] = Node.DisplayNodeId,
            ["parent_node_id"] = JsonText.OrNull(Node.ParentNodeId),
            ["real_node_id"] = Node.RealNodeId,
            ["image_type"] = Preview.ImageType,
        };
}
