namespace NodeHost.Graph.Workflows.Canvas;

/// <summary>One link; in a subgraph an end may be the subgraph's own input or output.</summary>
internal sealed record CanvasLink(string Id, string OriginId, int OriginSlot, string TargetId, int TargetSlot)
{
    /// <summary>Origin id of links that come from the subgraph's inputs.</summary>
    public const string SubgraphInput = "-10";

    /// <summary>Target id of links that go to the subgraph's outputs.</summary>
    public const string SubgraphOutput = "-20";
}
