namespace NodeHost.Graph.Contracts;

/// <summary>Everything a node may touch besides its inputs.</summary>
public sealed class NodeContext
{
    private readonly IServiceProvider _services;
    private readonly INodeReporter? _reporter;
    private int _graphCount;

    public NodeContext(
        string nodeId,
        string promptId,
        int listIndex,
        IServiceProvider services,
        INodeReporter? reporter,
        CancellationToken cancellationToken
    )
    {
        NodeId = nodeId;
        PromptId = promptId;
        ListIndex = listIndex;
        _services = services;
        _reporter = reporter;
        CancellationToken = cancellationToken;
    }

    /// <summary>A context outside any run, for tests and tools.</summary>
    public NodeContext(IServiceProvider? services = null, CancellationToken cancellationToken = default)
        : this("0", "", 0, services ?? EmptyServices.Instance, null, cancellationToken) { }

    public string NodeId { get; }

    public string PromptId { get; }

    /// <summary>Which call this is when the node is mapped over a list.</summary>
    public int ListIndex { get; }

    /// <summary>Cancelled when the user interrupts; long work passes it on or calls <see cref="ThrowIfInterrupted"/>.</summary>
    public CancellationToken CancellationToken { get; }

    public void ThrowIfInterrupted() => CancellationToken.ThrowIfCancellationRequested();

    /// <summary>Reports a step and stops here if the user has interrupted.</summary>
    public void Progress(double value, double total, NodePreview? preview = null)
    {
        ThrowIfInterrupted();
        _reporter?.Progress(NodeId, value, total, preview);
    }

    /// <summary>Shows a text on the node while it runs.</summary>
    public void Text(string text) => _reporter?.Text(NodeId, text);

    public void Warn(string message) => WarnAbout(NodeId, message);

    /// <summary>Warns of another node, whose settings only show their effect here.</summary>
    public void WarnAbout(string nodeId, string message) => _reporter?.Warn(nodeId, message);

    /// <summary>A service that the host registered: the checkpoint store, paths, a clock.</summary>
    public TService Get<TService>()
        where TService : class => NodeServices.Get<TService>(_services, $"node #{NodeId}");

    /// <summary>A service that a host may do without, or null where it has none.</summary>
    public TService? Find<TService>()
        where TService : class => _services.GetService(typeof(TService)) as TService;

    /// <summary>Begins an expansion of this node.</summary>
    public GraphBuilder NewGraph() => new($"{NodeId}.{ListIndex}.{_graphCount++}.");
}
