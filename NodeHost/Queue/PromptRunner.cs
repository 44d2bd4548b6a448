using NodeHost.Graph.Events;
using NodeHost.Graph.Execution;

namespace NodeHost.Queue;

/// <summary>Runs prompts by an executor; what is to be freed besides its results, the host knows.</summary>
/// <param name="executor">Disposed with the runner.</param>
/// <param name="free">Unloads models and gives memory back to the system.</param>
internal sealed class PromptRunner(PromptExecutor executor, Action free) : IJobRunner
{
    public RunResult Run(RunRequest request, IExecutionEvents events, CancellationToken cancellationToken) =>
        executor.RunAsync(request, events, cancellationToken).GetAwaiter().GetResult();

    public void Free(bool dropResults)
    {
        if (dropResults)
        {
            executor.ClearCache();
        }
        // Managed memory first, so that what it held onto can go back to the system with the rest.
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        free();
    }

    public void Dispose() => executor.Dispose();
}
