namespace NodeHost.Graph.Contracts;

/// <summary>Builds an expansion with ids that are the same in every run, without which caching could not work.</summary>
/// <remarks>Got from <see cref="NodeContext.NewGraph"/>; ids read <c>parent.call.graph.local</c>, as in ComfyUI.</remarks>
public sealed class GraphBuilder(string prefix)
{
    private readonly Dictionary<string, GraphNode> _byId = [];
    private readonly List<GraphNode> _nodes = [];
    private int _nextLocal = 1;

    /// <summary>Adds a node under a counted id, or under <paramref name="localName"/>.</summary>
    public GraphNode Node(string classType, string? localName = null)
    {
        var id = prefix + (localName ?? _nextLocal++.ToString());
        if (_byId.ContainsKey(id))
        {
            throw new InvalidOperationException($"Expansion '{prefix}': local id '{id}' is used twice.");
        }
        var node = new GraphNode(id, classType);
        _byId.Add(id, node);
        _nodes.Add(node);
        return node;
    }

    /// <summary>As the other overload, with inputs: links, constants or objects; null leaves the input out.</summary>
    public GraphNode Node(string classType, params (string Input, object? Value)[] inputs)
    {
        var node = Node(classType);
        foreach (var (input, value) in inputs)
        {
            node.Set(input, value);
        }
        return node;
    }

    public GraphNode? Find(string localName) => _byId.GetValueOrDefault(prefix + localName);

    public ExpandedGraph Build() => new([.. _nodes]);
}
