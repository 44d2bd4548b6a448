using System.Diagnostics.CodeAnalysis;
using Newtonsoft.Json.Linq;
using NodeHost.Graph.Caching;
using NodeHost.Graph.Catalogue;
using NodeHost.Graph.Contracts;
using NodeHost.Graph.Events;

namespace NodeHost.Graph.Execution;

/// <summary>One run of one prompt.</summary>
/// <remarks>
/// (1) The graph is built and every node gets its signature. (2) Cached results are announced. (3) The scheduler gives
/// one ready node after another; (4) a node may turn out to be cached, ask for lazy inputs and wait, start a task and
/// wait, or expand into a sub-graph and wait; (5) its result is held, cached and announced. (6) Whatever ended the run
/// becomes its result.
/// </remarks>
internal sealed class PromptRun : IDisposable
{
    private readonly RunRequest _request;
    private readonly NodeCatalogue _catalogue;
    private readonly ExecutorOptions _options;
    private readonly IResultCache _cache;
    private readonly CacheMemory _memory;
    private readonly CancellationToken _cancellation;
    private readonly ProgressTracker _progress;
    private readonly RunRecord _record;
    private readonly HashSet<string> _expandedOwners = [];
    private readonly List<RunNode> _outstanding = [];
    private readonly List<NodeCallResults> _unfinished = [];

    private RunGraph _graph = null!;
    private Signatures _signatures = null!;
    private ResultHolder _results = null!;
    private InputGatherer _inputs = null!;
    private Scheduler _scheduler = null!;
    private NodeCaller _caller = null!;
    private ErrorDescriber _errors = null!;
    private IReadOnlyList<CacheDecision> _decisions = [];
    private RunNode? _current;

    public PromptRun(
        RunRequest request,
        NodeCatalogue catalogue,
        ExecutorOptions options,
        IResultCache cache,
        CacheMemory memory,
        IExecutionEvents events,
        CancellationToken cancellation
    )
    {
        _request = request;
        _catalogue = catalogue;
        _options = options;
        _cache = cache;
        _memory = memory;
        _cancellation = cancellation;
        _progress = new(request.PromptId, events);
        _record = new(request, _progress, options.Time);
    }

    [SuppressMessage(
        "Design",
        "CA1031",
        Justification = "The fence of a run: nothing a node does may reach the worker."
    )]
    public async Task<RunResult> ExecuteAsync()
    {
        _record.Announce(new ExecutionStarted(_request.PromptId, _record.Now));
        try
        {
            await PrepareAsync().ConfigureAwait(false);
            while (!_scheduler.IsEmpty)
            {
                _current = await NextAsync().ConfigureAwait(false);
                _cancellation.ThrowIfCancellationRequested();
                await RunAsync(_current).ConfigureAwait(false);
            }
            _record.Announce(new ExecutionSucceeded(_request.PromptId, _record.Now));
            return _record.Conclude(RunStatus.Succeeded, null, _decisions);
        }
        catch (Exception error) when (_cancellation.IsCancellationRequested && IsCancellation(error))
        {
            _record.Announce(
                new ExecutionInterrupted(
                    _request.PromptId,
                    _current?.RealId ?? "",
                    _current is null ? "" : _graph.ClassType(_current.RealId),
                    _record.ExecutedOf(_graph),
                    _record.Now
                )
            );
            return _record.Conclude(RunStatus.Interrupted, null, _decisions);
        }
        catch (Exception error)
        {
            var described = Describe(error);
            _record.Announce(new ExecutionFailed(_request.PromptId, described, _record.Now));
            return _record.Conclude(RunStatus.Failed, described, _decisions);
        }
    }

    public void Dispose()
    {
        ReleaseAll();
        foreach (var node in _outstanding)
        {
            // Abandoned tasks may still finish; nobody looks at what becomes of them.
            _ = node.Outstanding!.ContinueWith(
                task => task.IsCompletedSuccessfully ? Abandon(task.Result) : task.Exception is null,
                CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default
            );
        }
        _cache.EndRun(_expandedOwners);

        static bool Abandon(NodeCallResults results)
        {
            results.GiveUp();
            return true;
        }
    }

    private void ReleaseAll()
    {
        foreach (var results in _unfinished)
        {
            results.GiveUp();
        }
        _results?.Dispose();
    }

    private async Task PrepareAsync()
    {
        _graph = new(_request.Prompt, _catalogue);
        _signatures = new(_graph);
        _results = new(_cache, _options.Lifetime, _signatures);
        _inputs = new(_graph, _results);
        _scheduler = new(_graph, _results.TryUse);
        _errors = new(_graph, _options);
        _caller = new(_request, _graph, _options, _progress, _results.Keep, _cancellation)
        {
            OnBlocked = (node, blocker) =>
                _progress.Publish(
                    new ExecutionFailed(
                        _request.PromptId,
                        _errors.Describe(node, blocker, _record.ExecutedOf(_graph)),
                        null
                    )
                ),
        };
        foreach (var node in _graph.Nodes)
        {
            await _caller.TakeFingerprintAsync(node).ConfigureAwait(false);
        }
        _cache.BeginRun(
            _graph.Nodes.Select(_signatures.Of).ToHashSet(),
            _graph.Nodes.Select(node => Owner(node)).ToHashSet()
        );
        var cached = new List<string>();
        foreach (var node in _graph.Nodes)
        {
            if (_cache.Find(_signatures.Of(node)) is { } result)
            {
                cached.Add(node.Id);
                _record.NoteDisplay(node, result.Ui);
            }
        }
        _record.Announce(new ExecutionCached(_request.PromptId, cached, _record.Now));
        _decisions = _memory.Compare([.. _graph.Nodes], cached.ToHashSet(), _cache is not NoCache);
        foreach (var output in _request.Outputs)
        {
            _scheduler.Add(_graph.Get(output));
        }
    }

    private async Task<RunNode> NextAsync()
    {
        while (true)
        {
            foreach (var node in _outstanding.Where(node => node.Outstanding!.IsCompleted))
            {
                _scheduler.Resume(node);
            }
            if (_scheduler.Next() is { } ready)
            {
                return ready;
            }
            if (_outstanding.Count == 0)
            {
                throw Cycle();
            }
            _current = _outstanding[0];
            await Task.WhenAny(_outstanding.Select(node => node.Outstanding!))
                .WaitAsync(_cancellation)
                .ConfigureAwait(false);
        }
    }

    private GraphException Cycle()
    {
        var cycle = _scheduler.FindCycle();
        _current = cycle.FirstOrDefault(node => node.IsExpanded) ?? cycle[0];
        return new(
            "comfy_execution.graph.DependencyCycleError",
            $"Dependency cycle detected: {string.Join(" -> ", cycle.Append(cycle[0]).Select(node => node.Describe()))}"
        );
    }

    private async Task RunAsync(RunNode node)
    {
        if (node.Expanding is { } expanding)
        {
            node.Expanding = null;
            Finish(node, Resolve(node, expanding), ui: null);
            return;
        }
        if (node.Outstanding is { } outstanding)
        {
            _outstanding.Remove(node);
            node.Outstanding = null;
            await TakeAsync(node, await outstanding.ConfigureAwait(false)).ConfigureAwait(false);
            return;
        }
        if (node.Result is not null || _results.TryTakeFromCache(node))
        {
            _record.Show(node, node.Result!.Ui);
            Complete(node);
            return;
        }
        await StartAsync(node).ConfigureAwait(false);
    }

    private async Task StartAsync(RunNode node)
    {
        _progress.Start(node);
        var inputs = node.Gathered = _inputs.Gather(node);
        _progress.Publish(new NodeExecuting(_request.PromptId, node.Id, node.DisplayId));
        var needed = await _caller.NeededInputsAsync(node, inputs).ConfigureAwait(false);
        if (needed.Count > 0)
        {
            foreach (var input in needed)
            {
                _scheduler.Require(_inputs.UpstreamOf(node, input), node);
            }
            return;
        }
        if (!node.Definition.IsAsync)
        {
            await TakeAsync(node, _caller.Call(node, inputs)).ConfigureAwait(false);
            return;
        }
        var task = _caller.CallAsync(node, inputs);
        if (task.IsCompleted)
        {
            await TakeAsync(node, await task.ConfigureAwait(false)).ConfigureAwait(false);
            return;
        }
        node.Outstanding = task;
        _outstanding.Add(node);
        _scheduler.Suspend(node);
    }

    /// <summary>Takes the results of all calls: either they are the node's result, or a sub-graph has to run first.</summary>
    private async Task TakeAsync(RunNode node, NodeCallResults results)
    {
        if (!results.HasExpansion)
        {
            var outputs = OutputMerger.Merge(node, [.. results.Calls.Select(call => call.Slots)]);
            results.TakenOver();
            Finish(node, outputs, results.MergeUi());
            return;
        }
        _unfinished.Add(results);
        node.HasExpanded = true;
        node.Expanding = results;
        _expandedOwners.Add(Owner(node));
        if (results.MergeUi() is { } ui)
        {
            _record.Show(node, ui);
        }
        await ExpandAsync(node, results).ConfigureAwait(false);
    }

    private async Task ExpandAsync(RunNode node, NodeCallResults results)
    {
        var added = new List<RunNode>();
        foreach (var expansion in results.Calls.Select(call => call.Expansion).OfType<ExpandedGraph>())
        {
            added.AddRange(_graph.Expand(node, expansion));
        }
        foreach (var inner in added)
        {
            await _caller.TakeFingerprintAsync(inner).ConfigureAwait(false);
        }
        foreach (var inner in added.Where(inner => inner.Definition.IsOutputNode))
        {
            _scheduler.Add(inner);
        }
        foreach (var link in OutputMerger.LinksOf(results))
        {
            _scheduler.Require(_graph.Get(link.NodeId), node);
        }
    }

    /// <summary>The node's outputs once its sub-graph has run, held anew before the calls' own results go.</summary>
    private IReadOnlyList<IReadOnlyList<object?>> Resolve(RunNode node, NodeCallResults results)
    {
        var outputs = OutputMerger.Resolve(node, results, _graph);
        foreach (var value in outputs.SelectMany(slot => slot).OfType<object>())
        {
            _options.Lifetime.Retain(value);
        }
        results.GiveUp();
        _unfinished.Remove(results);
        return outputs;
    }

    private void Finish(RunNode node, IReadOnlyList<IReadOnlyList<object?>> outputs, JObject? ui)
    {
        // An expanded node has shown its display before its sub-graph ran.
        _results.Add(node, new(outputs, ui ?? _record.DisplayOf(node)), node.IsExpanded ? Owner(node) : null);
        if (ui is not null)
        {
            _record.Show(node, ui);
        }
        _record.AddExecuted(node);
        Complete(node);
    }

    private void Complete(RunNode node)
    {
        node.Gathered = null;
        _progress.Finish(node);
        _scheduler.Complete(node);
        _results.Completed(node);
    }

    private string Owner(RunNode node) => $"{node.RealId}:{_graph.ClassType(node.RealId)}";

    private static bool IsCancellation(Exception error) =>
        error is OperationCanceledException || error.GetBaseException() is OperationCanceledException;

    private ExecutionError Describe(Exception error)
    {
        if (_current is null)
        {
            return ErrorDescriber.Describe(error);
        }
        var described = _errors.Describe(_current, error, _record.ExecutedOf(_graph));
        if (!described.IsOutOfMemory)
        {
            return described;
        }
        // The run's own values go first, so that the host finds what it can free.
        ReleaseAll();
        return described with { ExceptionMessage = described.ExceptionMessage + _options.OnOutOfMemory?.Invoke() };
    }
}
