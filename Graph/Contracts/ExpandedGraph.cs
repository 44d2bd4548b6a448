namespace NodeHost.Graph.Contracts;

/// <summary>Nodes that take a node's place while it runs; made by <see cref="GraphBuilder"/>.</summary>
public sealed record ExpandedGraph(IReadOnlyList<GraphNode> Nodes);
