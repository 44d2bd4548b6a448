using Newtonsoft.Json.Linq;

namespace NodeHost.Graph.Events;

/// <summary>How far one node is; <paramref name="State"/> is <c>running</c> or <c>finished</c>.</summary>
public sealed record NodeProgress(
    string NodeId,
    string DisplayNodeId,
    string? ParentNodeId,
    string RealNodeId,
    string State,
    JToken Value,
    JToken Total
);
