namespace NodeHost.Graph.Workflows.Canvas;

/// <summary>The nodes and links of a workflow or of a subgraph's definition.</summary>
internal sealed class CanvasGraph(string name)
{
    /// <summary>Where this is, for messages.</summary>
    public string Name => name;

    /// <summary>Place among the file's subgraph definitions; the workflow itself comes after all.</summary>
    public int Place { get; init; } = int.MaxValue;

    public List<CanvasNode> Nodes { get; } = [];

    public Dictionary<string, CanvasNode> NodesById { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, CanvasLink> Links { get; } = new(StringComparer.Ordinal);

    /// <summary>What an instance of this subgraph takes: name and type.</summary>
    public List<(string Name, string Type)> Inputs { get; } = [];

    /// <summary>What an instance of this subgraph gives: name and type.</summary>
    public List<(string Name, string Type)> Outputs { get; } = [];

    public void Add(CanvasNode node)
    {
        Nodes.Add(node);
        NodesById.TryAdd(node.Id, node);
    }
}
