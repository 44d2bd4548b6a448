namespace NodeHost.Graph.Events;

/// <summary>Receives what happens in a run, in order and one at a time, though from several threads.</summary>
public interface IExecutionEvents
{
    void Publish(ExecutionEvent happened);
}
