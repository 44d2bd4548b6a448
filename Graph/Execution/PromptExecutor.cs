using NodeHost.Graph.Caching;
using NodeHost.Graph.Catalogue;
using NodeHost.Graph.Events;

namespace NodeHost.Graph.Execution;

/// <summary>Runs prompts one after another and keeps results between them. A worker has one of its own.</summary>
public sealed class PromptExecutor : IDisposable
{
    private readonly NodeCatalogue _catalogue;
    private readonly ExecutorOptions _options;
    private readonly IResultCache _cache;
    private readonly CacheMemory _memory = new();

    public PromptExecutor(NodeCatalogue catalogue, ExecutorOptions? options = null)
    {
        _catalogue = catalogue;
        _options = options ?? new();
        _cache = _options.Cache ?? new ClassicCache(_options.Lifetime);
    }

    /// <summary>
    /// Runs a validated prompt to its end. A failing node, exhausted memory and cancellation are outcomes of the run:
    /// none of them is thrown. Nodes that do not wait run on the calling thread.
    /// </summary>
    public async Task<RunResult> RunAsync(
        RunRequest request,
        IExecutionEvents? events = null,
        CancellationToken cancellationToken = default
    )
    {
        using var run = new PromptRun(
            request,
            _catalogue,
            _options,
            _cache,
            _memory,
            events ?? DiscardedEvents.Instance,
            cancellationToken
        );
        return await run.ExecuteAsync().ConfigureAwait(false);
    }

    /// <summary>Drops all kept results (<c>POST /free</c>). Not while a prompt is running.</summary>
    public void ClearCache() => _cache.Clear();

    public void Dispose() => _cache.Dispose();
}
