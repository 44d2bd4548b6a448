namespace NodeHost.Graph.Contracts;

/// <summary>Opens what must surround every call into a node, such as a tensor scope without gradients.</summary>
/// <remarks>Not around <see cref="IAsyncNode{TOutput}"/>: scopes do not cross an await, so such a node opens its own.</remarks>
public interface INodeScope
{
    IDisposable Enter();
}
