namespace NodeHost.Graph.Contracts;

/// <summary>Opens what must surround every call into a node, such as a tensor scope without gradients.</summary>
public interface INodeScope
{
    IDisposable Enter();
}
