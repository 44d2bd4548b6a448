namespace NodeHost.Graph.Catalogue;

/// <summary>A node class that cannot be understood; the message says where, what was expected and what was found.</summary>
public sealed class NodeDefinitionException : Exception
{
    public NodeDefinitionException(string message)
        : base(message) { }

    public NodeDefinitionException(string message, Exception innerException)
        : base(message, innerException) { }

    public NodeDefinitionException() { }
}
