namespace NodeHost.Graph.Contracts;

/// <summary>What a node may use while it checks its own inputs.</summary>
public sealed class ValidationContext(
    string nodeId,
    IReadOnlyDictionary<string, string> linkedTypes,
    IServiceProvider services
)
{
    public string NodeId { get; } = nodeId;

    /// <summary>Socket type that each linked input (wire name) will receive; filled for nodes that take types.</summary>
    public IReadOnlyDictionary<string, string> LinkedTypes { get; } = linkedTypes;

    public TService Get<TService>()
        where TService : class => NodeServices.Get<TService>(services, $"node #{NodeId}");
}
