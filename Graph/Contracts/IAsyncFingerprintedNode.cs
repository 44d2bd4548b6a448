namespace NodeHost.Graph.Contracts;

/// <summary>As <see cref="IFingerprintedNode"/>, for a fingerprint that has to wait.</summary>
public interface IAsyncFingerprintedNode
{
    Task<object?> FingerprintAsync(NodeContext context);
}
