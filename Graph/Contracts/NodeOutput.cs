using System.Diagnostics.CodeAnalysis;

namespace NodeHost.Graph.Contracts;

/// <summary>The output of a node that does more than return values: it may also display, expand or block.</summary>
/// <remarks>
/// A plain value converts by itself. <c>Show</c> adds a display, <c>Expand</c> puts a sub-graph in the
/// node's place, <c>Block</c> stops the consumers of all slots; <see cref="Slot{T}"/> does so for single ones.
/// </remarks>
[SuppressMessage(
    "Design",
    "CA1000",
    Justification = "The type argument is the node's output; it is known where these are called."
)]
[SuppressMessage("Usage", "CA2225", Justification = "A value converts by itself; there is nothing to name.")]
public sealed class NodeOutput<TOutput> : INodeOutput
{
    private NodeOutput(object? values, bool hasValues)
    {
        Values = values;
        HasValues = hasValues;
    }

    public object? Values { get; private init; }

    public bool HasValues { get; private init; }

    public UiOutput? Ui { get; private init; }

    public ExpandedGraph? Expansion { get; private init; }

    public ExecutionBlocker? Blocker { get; private init; }

    public static implicit operator NodeOutput<TOutput>(TOutput values) => new(values, true);

    public static implicit operator NodeOutput<TOutput>(ExecutionBlocker blocker) => Block(blocker.Message);

    public static NodeOutput<TOutput> Show(UiOutput ui, TOutput values) => new(values, true) { Ui = ui };

    public static NodeOutput<TOutput> Show(UiOutput ui) => new(null, false) { Ui = ui };

    /// <summary>Results may be links into the graph (<see cref="GraphNode.Out"/>) where <typeparamref name="TOutput"/> is made of <see cref="Slot{T}"/>.</summary>
    public static NodeOutput<TOutput> Expand(ExpandedGraph graph, TOutput results, UiOutput? ui = null) =>
        new(results, true) { Expansion = graph, Ui = ui };

    /// <summary>As <see cref="Expand"/>, with results that are links or plain objects, one per slot.</summary>
    public static NodeOutput<TOutput> ExpandTo(ExpandedGraph graph, params object?[] results) =>
        new(new SlotResults(results), true) { Expansion = graph };

    public static NodeOutput<TOutput> Block(string? message = null) =>
        new(null, false) { Blocker = new ExecutionBlocker(message) };
}

/// <summary>The untyped side of <see cref="NodeOutput{TOutput}"/>, which the executor takes apart.</summary>
internal interface INodeOutput
{
    object? Values { get; }

    bool HasValues { get; }

    UiOutput? Ui { get; }

    ExpandedGraph? Expansion { get; }

    ExecutionBlocker? Blocker { get; }
}

/// <summary>Results of an expansion that were given one by one.</summary>
internal sealed record SlotResults(object?[] Values);
