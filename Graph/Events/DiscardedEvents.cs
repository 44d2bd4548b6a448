namespace NodeHost.Graph.Events;

/// <summary>For runs that nobody watches.</summary>
public sealed class DiscardedEvents : IExecutionEvents
{
    public static DiscardedEvents Instance { get; } = new();

    public void Publish(ExecutionEvent happened) { }
}
