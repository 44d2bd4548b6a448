using NodeHost.Graph.Events;
using NodeHost.Graph.Execution;

namespace NodeHost.Queue;

/// <summary>What a worker runs prompts with: one device and the results that are kept on it.</summary>
internal interface IJobRunner : IDisposable
{
    /// <summary>Runs a prompt to its end on the calling thread; failures are results.</summary>
    RunResult Run(RunRequest request, IExecutionEvents events, CancellationToken cancellationToken);

    /// <summary>Gives models up, and on demand kept results too, and their memory back to the system.</summary>
    void Free(bool dropResults);
}
