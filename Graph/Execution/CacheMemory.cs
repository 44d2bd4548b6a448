using NodeHost.Graph.Caching;

namespace NodeHost.Graph.Execution;

/// <summary>Remembers what each node looked like when it was last in a prompt, and says what is different now.</summary>
internal sealed class CacheMemory
{
    // Enough for a good many workflows; what lies further back counts as never seen.
    private const int MostNodes = 20_000;

    private readonly Dictionary<(string Id, string ClassType), NodeTrace> _traces = [];

    public IReadOnlyList<CacheDecision> Compare(
        IReadOnlyList<RunNode> nodes,
        IReadOnlySet<string> cached,
        bool isCaching
    )
    {
        var keys = nodes.ToDictionary(node => node.Id, node => node.Key!.Value);
        var traces = nodes.Select(node => NodeTrace.Of(node, keys)).ToArray();
        var decisions = nodes
            .Zip(traces, (node, trace) => Decide(node, trace, cached.Contains(node.Id), isCaching))
            .ToArray();
        if (_traces.Count + nodes.Count > MostNodes)
        {
            _traces.Clear();
        }
        foreach (var (node, trace) in nodes.Zip(traces))
        {
            _traces[(node.Id, node.Definition.ClassType)] = trace;
        }
        return decisions;
    }

    private CacheDecision Decide(RunNode node, NodeTrace now, bool isCached, bool isCaching)
    {
        CacheDecision Because(CacheReason reason, string text) =>
            new(node.Id, node.Definition.ClassType, reason, text) { Key = now.Key };

        if (isCached)
        {
            return Because(CacheReason.Cached, "The result of an equal node was kept.");
        }
        if (!isCaching)
        {
            return Because(CacheReason.CachingOff, "Results are not kept.");
        }
        if (node.IsIncomparable)
        {
            return Because(
                CacheReason.NotComparable,
                "One of its inputs, or what the node says of its content, equals nothing, not even itself."
            );
        }
        if (!_traces.TryGetValue((node.Id, node.Definition.ClassType), out var before))
        {
            return Because(CacheReason.FirstTime, "It has not been in a prompt before.");
        }
        var inputs = now.ChangedInputs(before);
        var nodes = now.ChangedNodes(before);
        var decision =
            inputs.Count > 0
                ? Because(
                    CacheReason.InputChanged,
                    $"Changed: {string.Join(", ", inputs.Select(input => input.Input))}."
                )
            : nodes.Count > 0
                ? Because(CacheReason.UpstreamChanged, $"Another result comes from node {string.Join(", ", nodes)}.")
            : now.Fingerprint != before.Fingerprint
                ? Because(CacheReason.ContentChanged, "The node says that its content is another one.")
            : Because(
                CacheReason.Evicted,
                "Nothing changed; its result was dropped: for space, by /free, because another workflow ran, or because the run failed."
            );
        return decision with { ChangedInputs = inputs, ChangedNodes = nodes };
    }
}
