using System.Diagnostics.CodeAnalysis;
using NodeHost.Graph.Catalogue;
using NodeHost.Graph.Contracts;

namespace NodeHost.Graph.Execution;

/// <summary>Calls a node once per list element, and asks it what it needs and whether it changed.</summary>
internal sealed class NodeCaller(
    RunRequest request,
    RunGraph graph,
    ExecutorOptions options,
    ProgressTracker progress,
    Action<IEnumerable<object>> keep,
    CancellationToken cancellationToken
)
{
    private readonly IServiceProvider _services = options.ServicesFor(request.ExtraData) ?? options.Services;

    /// <summary>Called with a blocker that has something to say, before the call it prevents.</summary>
    public required Action<RunNode, ExecutionBlocker> OnBlocked { get; init; }

    /// <summary>Calls a node that does not wait.</summary>
    public NodeCallResults Call(RunNode node, NodeInputs inputs)
    {
        var results = new NodeCallResults(inputs.CallCount, options.Lifetime);
        try
        {
            for (var call = 0; call < inputs.CallCount; call++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (IsBlocked(node, inputs, call, results))
                {
                    continue;
                }
                using (options.Scope?.Enter())
                {
                    var instance = Create(node, inputs, call, complete: true);
                    Take(node, results, call, node.Definition.Invoker.Execute(instance, Context(node, call)));
                }
            }
            return results;
        }
        catch
        {
            results.GiveUp();
            throw;
        }
    }

    /// <summary>Starts all calls of a node that waits. No scope is opened: scopes do not cross an await.</summary>
    public async Task<NodeCallResults> CallAsync(RunNode node, NodeInputs inputs)
    {
        var results = new NodeCallResults(inputs.CallCount, options.Lifetime);
        try
        {
            var calls = new List<Task>();
            for (var call = 0; call < inputs.CallCount; call++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (!IsBlocked(node, inputs, call, results))
                {
                    calls.Add(CallOneAsync(node, inputs, call, results));
                }
            }
            await Task.WhenAll(calls).WaitAsync(cancellationToken).ConfigureAwait(false);
            return results;
        }
        catch
        {
            results.GiveUp();
            throw;
        }
    }

    /// <summary>Names of lazy inputs that the node wants before it can run.</summary>
    public async Task<IReadOnlyCollection<string>> NeededInputsAsync(RunNode node, NodeInputs inputs)
    {
        if (
            !node.Definition.Type.IsAssignableTo(typeof(ILazyNode))
            && !node.Definition.Type.IsAssignableTo(typeof(IAsyncLazyNode))
        )
        {
            return [];
        }
        var needed = new HashSet<string>();
        for (var call = 0; call < inputs.CallCount; call++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (inputs.FindBlocker(call) is null)
            {
                var instance = Create(node, inputs, call, complete: false);
                var names = instance is IAsyncLazyNode waiting
                    ? await waiting.NeededInputsAsync(Context(node, call)).ConfigureAwait(false)
                    : AskInScope((ILazyNode)instance, node, call);
                needed.UnionWith(names.Select(node.Definition.WireName));
            }
        }
        // What is there already is no news, whoever names it.
        needed.ExceptWith(inputs.Values.Keys);
        return needed;
    }

    /// <summary>Asks a node for its fingerprint. A failure means "changed": the node runs, and can fail there with a proper error.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "A fingerprint is foreign code, and its failure a result.")]
    public async Task TakeFingerprintAsync(RunNode node)
    {
        try
        {
            node.Fingerprint = await FingerprintAsync(node).ConfigureAwait(false);
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            progress.Warn(node.Id, $"{node.Describe()}: its fingerprint failed, so it runs again: {error.Message}");
            node.Fingerprint = [double.NaN];
        }
    }

    private async Task<IReadOnlyList<object?>?> FingerprintAsync(RunNode node)
    {
        if (
            !node.Definition.Type.IsAssignableTo(typeof(IFingerprintedNode))
            && !node.Definition.Type.IsAssignableTo(typeof(IAsyncFingerprintedNode))
        )
        {
            return null;
        }
        var inputs = new NodeInputs(node, graph);
        foreach (var input in node.Definition.Inputs)
        {
            if (node.Inputs.TryGetValue(input.Name, out var value) && value is not NodeLink)
            {
                inputs.Add(input.Name, [value]);
            }
        }
        var instance = Create(node, inputs, 0, complete: false);
        if (instance is IAsyncFingerprintedNode waiting)
        {
            return [await waiting.FingerprintAsync(Context(node, 0)).ConfigureAwait(false)];
        }
        using (options.Scope?.Enter())
        {
            return [((IFingerprintedNode)instance).Fingerprint(Context(node, 0))];
        }
    }

    private string[] AskInScope(ILazyNode instance, RunNode node, int call)
    {
        using (options.Scope?.Enter())
        {
            return [.. instance.NeededInputs(Context(node, call))];
        }
    }

    private async Task CallOneAsync(RunNode node, NodeInputs inputs, int call, NodeCallResults results)
    {
        var instance = Create(node, inputs, call, complete: true);
        var returned = await node.Definition.Invoker.ExecuteAsync(instance, Context(node, call)).ConfigureAwait(false);
        Take(node, results, call, returned);
    }

    /// <summary>Holds what a call returned while the scope that would free it is still open.</summary>
    private void Take(RunNode node, NodeCallResults results, int call, object? returned)
    {
        var result = NodeCallResult.From(node, returned);
        results.Set(call, result);
        if (result.Expansion is { } expansion)
        {
            keep(expansion.Nodes.SelectMany(inner => inner.Inputs.Values).OfType<object>());
        }
    }

    private bool IsBlocked(RunNode node, NodeInputs inputs, int call, NodeCallResults results)
    {
        if (inputs.FindBlocker(call) is not { } blocker)
        {
            return false;
        }
        if (blocker.Message is not null)
        {
            OnBlocked(node, blocker);
        }
        results.Set(call, NodeCallResult.Blocked(node.Definition, new ExecutionBlocker()));
        return true;
    }

    private INode Create(RunNode node, NodeInputs inputs, int call, bool complete)
    {
        var instance = node.Definition.Create();
        inputs.Bind(instance, call, complete);
        foreach (var hidden in node.Definition.Hidden)
        {
            hidden.Property.SetValue(instance, HiddenValue(hidden, node));
        }
        return instance;
    }

    private object? HiddenValue(HiddenDefinition hidden, RunNode node) =>
        hidden.Kind switch
        {
            HiddenInput.Prompt => request.Prompt,
            HiddenInput.DynamicPrompt => graph,
            HiddenInput.ExtraPngInfo => request.ExtraData["extra_pnginfo"],
            HiddenInput.AuthTokenComfyOrg => (string?)request.Secrets["auth_token_comfy_org"],
            HiddenInput.ApiKeyComfyOrg => (string?)request.Secrets["api_key_comfy_org"],
            _ => node.Id,
        };

    private NodeContext Context(RunNode node, int call) =>
        new(node.Id, request.PromptId, call, _services, progress, cancellationToken);
}
