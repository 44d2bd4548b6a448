namespace NodeHost.Graph.Contracts;

/// <summary>As <see cref="ILazyNode"/>, for a decision that itself has to wait.</summary>
public interface IAsyncLazyNode
{
    Task<IReadOnlyCollection<string>> NeededInputsAsync(NodeContext context);
}
