namespace NodeHost.Graph.Workflows.Canvas;

/// <summary>Where a node stands: the workflow, or one instance of a subgraph in it.</summary>
internal sealed class CanvasScope
{
    /// <summary>Deeper nesting is refused; nobody draws it, and ids grow with it.</summary>
    private const int MaximumDepth = 100;

    private readonly string _prefix;
    private readonly int _depth;

    public CanvasScope(CanvasGraph root)
        : this(root, null, null, "", 0) { }

    private CanvasScope(CanvasGraph graph, CanvasScope? parent, CanvasNode? instance, string prefix, int depth)
    {
        Graph = graph;
        Parent = parent;
        Instance = instance;
        _prefix = prefix;
        _depth = depth;
    }

    public CanvasGraph Graph { get; }

    public CanvasScope? Parent { get; }

    /// <summary>The node whose inside this is; null for the workflow itself.</summary>
    public CanvasNode? Instance { get; }

    public string IdOf(CanvasNode node) => _prefix + node.Id;

    /// <exception cref="CanvasException">The subgraph contains itself, or nests too deep.</exception>
    public CanvasScope Enter(CanvasNode instance)
    {
        var graph = instance.Subgraph!;
        for (var scope = this; scope is not null; scope = scope.Parent)
        {
            if (scope.Graph == graph)
            {
                throw new CanvasException($"{instance}: {graph.Name} contains itself.");
            }
        }
        return _depth < MaximumDepth
            ? new(graph, this, instance, $"{IdOf(instance)}:", _depth + 1)
            : throw new CanvasException($"{instance}: subgraphs are nested deeper than {MaximumDepth}.");
    }
}
