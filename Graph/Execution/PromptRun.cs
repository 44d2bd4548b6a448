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
    private readonly CancellationToken _cancellation;
    private readonly ProgressTracker _progress;
    private readonly List<ExecutionEvent> _messages = [];
    private readonly List<string> _executed = [];
    private readonly OrderedDictionary<string, NodeUi> _displays = [];
    private readonly HashSet<string> _expandedOwners = [];
    private readonly List<RunNode> _outstanding = [];
    private readonly List<NodeCallResults> _unfinished = [];

    private RunGraph _graph = null!;
    private Signatures _signatures = null!;
    private ResultHolder _results = null!;
    private Scheduler _scheduler = null!;
    private NodeCaller _caller = null!;
    private ErrorDescriber _errors = null!;
    private RunNode? _current;

    public PromptRun(
        RunRequest request,
        NodeCatalogue catalogue,
        ExecutorOptions options,
        IResultCache cache,
        IExecutionEvents events,
        CancellationToken cancellation
    )
    {
        _request = request;
        _catalogue = catalogue;
        _options = options;
        _cache = cache;
        _cancellation = cancellation;
        _progress = new(request.PromptId, events);
    }

    private long Now => _options.Time.GetUtcNow().ToUnixTimeMilliseconds();

    [SuppressMessage(
        "Design",
        "CA1031",
        Justification = "The fence of a run: nothing a node does may reach the worker."
    )]
    public async Task<RunResult> ExecuteAsync()
    {
        Announce(new ExecutionStarted(_request.PromptId, Now));
        try
        {
            await PrepareAsync().ConfigureAwait(false);
            while (!_scheduler.IsEmpty)
            {
                _current = await NextAsync().ConfigureAwait(false);
                _cancellation.ThrowIfCancellationRequested();
                await RunAsync(_current).ConfigureAwait(false);
            }
            Announce(new ExecutionSucceeded(_request.PromptId, Now));
            return Conclude(RunStatus.Succeeded, null);
        }
        catch (Exception error) when (_cancellation.IsCancellationRequested && IsCancellation(error))
        {
            Announce(
                new ExecutionInterrupted(
                    _request.PromptId,
                    _current?.RealId ?? "",
                    _current is null ? "" : _graph.ClassType(_current.RealId),
                    ExecutedInGraphOrder(),
                    Now
                )
            );
            return Conclude(RunStatus.Interrupted, null);
        }
        catch (Exception error)
        {
            var described = Describe(error);
            Announce(new ExecutionFailed(_request.PromptId, described, Now));
            return Conclude(RunStatus.Failed, described);
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
        _scheduler = new(_graph, _results.TryUse);
        _errors = new(_graph, _options);
        _caller = new(_request, _graph, _options, _progress, _results.Keep, _cancellation)
        {
            OnBlocked = (node, blocker) =>
                _progress.Publish(
                    new ExecutionFailed(
                        _request.PromptId,
                        _errors.Describe(node, blocker, ExecutedInGraphOrder()),
                        null
                    )
                ),
        };
        foreach (var node in _graph.Nodes)
        {
            await TakeFingerprintAsync(node).ConfigureAwait(false);
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
                Display(node, result.Ui);
            }
        }
        Announce(new ExecutionCached(_request.PromptId, cached, Now));
        foreach (var output in _request.Outputs)
        {
            _scheduler.Add(_graph.Get(output));
        }
    }

    /// <summary>A failing fingerprint means "changed": the node runs, and it can fail there with a proper error.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "A fingerprint is foreign code, and its failure a result.")]
    private async Task TakeFingerprintAsync(RunNode node)
    {
        try
        {
            node.Fingerprint = await _caller.FingerprintAsync(node).ConfigureAwait(false);
        }
        catch (Exception error) when (!_cancellation.IsCancellationRequested)
        {
            _progress.Warn(node.Id, $"{node.Describe()}: its fingerprint failed, so it runs again: {error.Message}");
            node.Fingerprint = [double.NaN];
        }
    }

    private async Task<RunNode> NextAsync()
    {
        while (true)
        {
            foreach (var node in _outstanding.FindAll(node => node.Outstanding!.IsCompleted))
            {
                _outstanding.Remove(node);
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
            node.Outstanding = null;
            await TakeAsync(node, await outstanding.ConfigureAwait(false)).ConfigureAwait(false);
            return;
        }
        if (node.Result is not null || _results.TryTakeFromCache(node))
        {
            var ui = node.Result!.Ui;
            Display(node, ui);
            _progress.Publish(new NodeExecuted(_request.PromptId, node.Id, node.DisplayId, ui));
            Complete(node);
            return;
        }
        await StartAsync(node).ConfigureAwait(false);
    }

    private async Task StartAsync(RunNode node)
    {
        _progress.Start(node);
        var inputs = node.Gathered = Gather(node);
        _progress.Publish(new NodeExecuting(_request.PromptId, node.Id, node.DisplayId));
        var needed = await _caller.NeededInputsAsync(node, inputs).ConfigureAwait(false);
        if (needed.Count > 0)
        {
            foreach (var input in needed)
            {
                _scheduler.Require(UpstreamOf(node, input), node);
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

    private RunNode UpstreamOf(RunNode node, string input) =>
        node.Inputs.TryGetValue(input, out var value)
            ? value is NodeLink link
                ? _graph.Get(link.NodeId)
                : throw new GraphException(
                    "comfy_execution.graph.NodeInputError",
                    $"Node {node.Id} says it needs input {input}, but that value is a constant",
                    input
                )
            : throw new GraphException(
                "comfy_execution.graph.NodeInputError",
                $"Node {node.Id} says it needs input {input}, but there is no input to that node at all",
                input
            );

    private NodeInputs Gather(RunNode node)
    {
        var inputs = new NodeInputs(node);
        foreach (var input in node.Definition.Inputs)
        {
            if (!node.Inputs.TryGetValue(input.Name, out var value))
            {
                continue;
            }
            if (value is not NodeLink link || input.IsRawLink)
            {
                inputs.Add(input.Name, [value]);
                continue;
            }
            var upstream = _graph.Get(link.NodeId);
            if (input.IsLazy && !_results.TryUse(node, upstream))
            {
                inputs.Missing.Add(input.Name);
                continue;
            }
            inputs.Add(input.Name, Output(node, input.Name, upstream, link.Slot));
        }
        return inputs;
    }

    private static IReadOnlyList<object?> Output(RunNode node, string inputName, RunNode upstream, int slot) =>
        upstream.Result is { } result && slot >= 0 && slot < result.Outputs.Count
            ? result.Outputs[slot]
            : throw new GraphException(
                "IndexError",
                $"{node.Describe()}, input '{inputName}': expected an output {slot} of {upstream.Describe()}, "
                    + $"got {upstream.Result?.Outputs.Count ?? 0} outputs. Connect it to one of them.",
                inputName
            );

    /// <summary>Takes the results of all calls: either they are the node's result, or a sub-graph has to run first.</summary>
    private async Task TakeAsync(RunNode node, NodeCallResults results)
    {
        if (!results.HasExpansion)
        {
            var outputs = Merge(node, [.. results.Calls.Select(call => call.Slots)]);
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
            Display(node, ui);
            _progress.Publish(new NodeExecuted(_request.PromptId, node.Id, node.DisplayId, ui));
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
            await TakeFingerprintAsync(inner).ConfigureAwait(false);
        }
        foreach (var inner in added.Where(inner => inner.Definition.IsOutputNode))
        {
            _scheduler.Add(inner);
        }
        foreach (var link in results.Calls.Where(call => call.Expansion is not null).SelectMany(Links))
        {
            _scheduler.Require(_graph.Get(link.NodeId), node);
        }
    }

    private static IEnumerable<NodeLink> Links(NodeCallResult call) =>
        call.Slots.SelectMany(slot => slot).OfType<NodeLink>();

    /// <summary>The node's outputs once its sub-graph has run: links replaced by what they lead to.</summary>
    private IReadOnlyList<IReadOnlyList<object?>> Resolve(RunNode node, NodeCallResults results)
    {
        var calls = new List<IReadOnlyList<IReadOnlyList<object?>>>();
        foreach (var call in results.Calls)
        {
            calls.Add(call.Expansion is null ? call.Slots : [.. call.Slots.Select(Resolve)]);
        }
        var merged = Merge(node, calls);
        foreach (var value in merged.SelectMany(slot => slot).OfType<object>())
        {
            _options.Lifetime.Retain(value);
        }
        results.GiveUp();
        _unfinished.Remove(results);
        return merged;

        IReadOnlyList<object?> Resolve(IReadOnlyList<object?> slot) =>
            [
                .. slot.SelectMany(value =>
                    value is NodeLink link ? Output(node, "(result)", _graph.Get(link.NodeId), link.Slot) : [value]
                ),
            ];
    }

    /// <summary>One list per slot: the values of all calls in order.</summary>
    private static IReadOnlyList<IReadOnlyList<object?>> Merge(
        RunNode node,
        IReadOnlyList<IReadOnlyList<IReadOnlyList<object?>>> calls
    ) =>
        [
            .. Enumerable
                .Range(0, calls.Any(slots => slots.Count > 0) ? node.Definition.Outputs.Count : 0)
                .Select(
                    IReadOnlyList<object?> (slot) =>
                        [.. calls.Where(slots => slot < slots.Count).SelectMany(slots => slots[slot])]
                ),
        ];

    private void Finish(RunNode node, IReadOnlyList<IReadOnlyList<object?>> outputs, JObject? ui)
    {
        if (ui is not null)
        {
            Display(node, ui);
            _progress.Publish(new NodeExecuted(_request.PromptId, node.Id, node.DisplayId, ui));
        }
        // An expanded node has shown its display before its sub-graph ran.
        ui ??= _displays.GetValueOrDefault(node.Id)?.Output;
        _results.Add(node, new(outputs, ui), node.IsExpanded ? Owner(node) : null);
        _executed.Add(node.Id);
        Complete(node);
    }

    private void Complete(RunNode node)
    {
        node.Gathered = null;
        _progress.Finish(node);
        _scheduler.Complete(node);
        _results.Completed(node);
    }

    private void Display(RunNode node, JObject? ui)
    {
        if (ui is { Count: > 0 })
        {
            _displays[node.Id] = new(node.Id, node.DisplayId, node.ParentId, node.RealId, ui);
        }
    }

    private string Owner(RunNode node) => $"{node.RealId}:{_graph.ClassType(node.RealId)}";

    private void Announce(ExecutionEvent message)
    {
        _messages.Add(message);
        _progress.Publish(message);
    }

    private static bool IsCancellation(Exception error) =>
        error is OperationCanceledException || error.GetBaseException() is OperationCanceledException;

    private ExecutionError Describe(Exception error)
    {
        if (_current is null)
        {
            return ErrorDescriber.Describe(error);
        }
        var described = _errors.Describe(_current, error, ExecutedInGraphOrder());
        if (!described.IsOutOfMemory)
        {
            return described;
        }
        // The run's own values go first, so that the host finds what it can free.
        ReleaseAll();
        return described with { ExceptionMessage = described.ExceptionMessage + _options.OnOutOfMemory?.Invoke() };
    }

    private List<string> ExecutedInGraphOrder()
    {
        var executed = _executed.ToHashSet();
        return [.. _graph?.NodeIds.Where(executed.Contains) ?? []];
    }

    private RunResult Conclude(RunStatus status, ExecutionError? error) =>
        new()
        {
            Request = _request,
            Status = status,
            Error = error,
            Displays = [.. _displays.Values],
            Messages = [.. _messages],
            Executed = [.. _executed],
        };
}
