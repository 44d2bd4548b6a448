using NodeHost.Graph.Contracts;

namespace NodeHost.Graph.Execution;

/// <summary>For values that the garbage collector looks after.</summary>
public sealed class UncountedLifetime : IValueLifetime
{
    public static UncountedLifetime Instance { get; } = new();

    public void Retain(object value) { }

    public void Release(object value) { }

    public long Bytes(object value) => 0;
}
