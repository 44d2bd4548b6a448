namespace NodeHost.Graph.Contracts;

/// <summary>A node that waits: other nodes run meanwhile. See <see cref="INode{TOutput}"/> for the outputs.</summary>
public interface IAsyncNode<TOutput> : INode
{
    Task<TOutput> ExecuteAsync(NodeContext context);
}
