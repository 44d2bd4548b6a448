using NodeHost.Graph.Events;
using NodeHost.Graph.Execution;

namespace NodeHost.Queue;

/// <summary>Runs prompts by an executor; what is to be freed besides its results, the host knows.</summary>
/// <param name="executor">Makes the executor when there is something to run; it is disposed with the runner.</param>
/// <param name="free">Unloads models and gives memory back to the system.</param>
internal sealed class PromptRunner(Func<PromptExecutor> executor, Action free) : IJobRunner
{
    private readonly Lazy<PromptExecutor> _executor = new(executor);

    public RunResult Run(RunRequest request, IExecutionEvents events, CancellationToken cancellationToken) =>
        _executor.Value.RunAsync(request, events, cancellationToken).GetAwaiter().GetResult();

    public void Free(bool dropResults)
    {
        if (!_executor.IsValueCreated)
        {
            return;
        }
        if (dropResults)
        {
            _executor.Value.ClearCache();
        }
        // Managed memory first, so that what it held onto can go back to the system with the rest.
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        free();
    }

    public void Dispose()
    {
        if (_executor.IsValueCreated)
        {
            _executor.Value.Dispose();
        }
    }
}
