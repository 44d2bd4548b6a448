namespace NodeHost.Graph.Contracts;

/// <summary>A service provider that has nothing: for nodes and tests that need no services.</summary>
public sealed class EmptyServices : IServiceProvider
{
    public static EmptyServices Instance { get; } = new();

    public object? GetService(Type serviceType) => null;
}
