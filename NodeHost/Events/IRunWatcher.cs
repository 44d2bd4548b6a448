using NodeHost.Graph.Events;

namespace NodeHost.Events;

/// <summary>Is told everything that happens in all runs, in order. It must not wait.</summary>
internal interface IRunWatcher
{
    void Happened(ExecutionEvent happened);

    void QueueChanged(int remaining);

    /// <summary>The job is in history.</summary>
    void JobEnded(string promptId);
}
