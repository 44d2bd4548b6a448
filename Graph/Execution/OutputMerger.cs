using NodeHost.Graph.Contracts;

namespace NodeHost.Graph.Execution;

/// <summary>Joins the results of a node's calls into one list per output slot.</summary>
internal static class OutputMerger
{
    /// <summary>The values of all calls in call order.</summary>
    public static IReadOnlyList<IReadOnlyList<object?>> Merge(
        RunNode node,
        IReadOnlyList<IReadOnlyList<IReadOnlyList<object?>>> calls
    )
    {
        var slotCount = calls.Any(slots => slots.Count > 0) ? node.Definition.Outputs.Count : 0;
        var merged = new IReadOnlyList<object?>[slotCount];
        for (var slot = 0; slot < slotCount; slot++)
        {
            merged[slot] = [.. calls.Where(slots => slot < slots.Count).SelectMany(slots => slots[slot])];
        }
        return merged;
    }

    /// <summary>As <see cref="Merge"/> once the sub-graph has run: links are replaced by what they lead to.</summary>
    /// <remarks>The reference splices a link to a list into the following slots; here it stays in its own.</remarks>
    public static IReadOnlyList<IReadOnlyList<object?>> Resolve(RunNode node, NodeCallResults results, RunGraph graph)
    {
        return Merge(
            node,
            [
                .. results.Calls.Select(
                    IReadOnlyList<IReadOnlyList<object?>> (call) =>
                        call.Expansion is null ? call.Slots : [.. call.Slots.Select(Follow)]
                ),
            ]
        );

        IReadOnlyList<object?> Follow(IReadOnlyList<object?> slot) =>
            [
                .. slot.SelectMany(value =>
                    value is NodeLink link ? Output(node, "result", graph.Get(link.NodeId), link.Slot) : [value]
                ),
            ];
    }

    /// <summary>The nodes whose results take the place of an expanded node's.</summary>
    public static IEnumerable<NodeLink> LinksOf(NodeCallResults results) =>
        from call in results.Calls
        where call.Expansion is not null
        from slot in call.Slots
        from link in slot.OfType<NodeLink>()
        select link;

    /// <summary>The values of one output, for the input that is connected to it.</summary>
    public static IReadOnlyList<object?> Output(RunNode consumer, string inputName, RunNode upstream, int slot) =>
        upstream.Result is { } result && slot >= 0 && slot < result.Outputs.Count
            ? result.Outputs[slot]
            : throw new GraphException(
                "IndexError",
                $"{consumer.Describe()}, input '{inputName}': expected an output {slot} of {upstream.Describe()}, "
                    + $"got {upstream.Result?.Outputs.Count ?? 0} outputs. Connect it to one of them.",
                inputName
            );
}
