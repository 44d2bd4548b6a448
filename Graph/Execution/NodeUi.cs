using Newtonsoft.Json.Linq;

namespace NodeHost.Graph.Execution;

/// <summary>What a node showed, and which node on the canvas that belongs to.</summary>
public sealed record NodeUi(
    string NodeId,
    string DisplayNodeId,
    string? ParentNodeId,
    string RealNodeId,
    JObject Output
);
