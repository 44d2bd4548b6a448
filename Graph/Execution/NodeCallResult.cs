using System.Collections;
using System.Runtime.CompilerServices;
using NodeHost.Graph.Catalogue;
using NodeHost.Graph.Contracts;

namespace NodeHost.Graph.Execution;

/// <summary>What one call of a node gave, taken apart: per slot a value (a list for list outputs), a blocker, or a link.</summary>
internal sealed class NodeCallResult
{
    private NodeCallResult(IReadOnlyList<IReadOnlyList<object?>> slots, UiOutput? ui, ExpandedGraph? expansion)
    {
        Slots = slots;
        Ui = ui;
        Expansion = expansion;
    }

    /// <summary>Per slot: the elements of a list output, one value otherwise.</summary>
    public IReadOnlyList<IReadOnlyList<object?>> Slots { get; }

    public UiOutput? Ui { get; }

    public ExpandedGraph? Expansion { get; }

    /// <summary>The result of a call that did not happen.</summary>
    public static NodeCallResult Blocked(NodeDefinition definition, ExecutionBlocker blocker, UiOutput? ui = null) =>
        new([.. definition.Outputs.Select(IReadOnlyList<object?> (_) => [blocker])], ui, null);

    public static NodeCallResult From(RunNode node, object? returned)
    {
        var definition = node.Definition;
        if (returned is UiOutput shown)
        {
            return new([], shown, null);
        }
        var (ui, expansion) = (default(UiOutput), default(ExpandedGraph));
        if (returned is INodeOutput output)
        {
            if (output.Blocker is not null)
            {
                return Blocked(definition, output.Blocker, output.Ui);
            }
            (ui, expansion) = (output.Ui, output.Expansion);
            if (!output.HasValues || output.Values is UiOutput)
            {
                return new([], ui ?? output.Values as UiOutput, expansion);
            }
            returned = output.Values;
        }
        var values = Split(returned, definition);
        if (values.Length != definition.Outputs.Count)
        {
            throw new GraphException(
                "ValueError",
                $"{node.Describe()}: expected {definition.Outputs.Count} outputs, got {values.Length}. Correct the node's Execute."
            );
        }
        return new([.. values.Select((value, slot) => Elements(value, definition.Outputs[slot]))], ui, expansion);
    }

    /// <summary>Every object that the call brought into the world, constants of an expansion included.</summary>
    public IEnumerable<object> Values()
    {
        foreach (var value in Slots.SelectMany(slot => slot))
        {
            if (value is not null)
            {
                yield return value;
            }
        }
    }

    private static object?[] Split(object? returned, NodeDefinition definition) =>
        returned switch
        {
            SlotResults results => results.Values,
            object?[] values when definition.Invoker.ReturnsArray => values,
            ITuple tuple when definition.Outputs.Count != 1 || tuple.Length == 1 =>
            [
                .. Enumerable.Range(0, tuple.Length).Select(slot => tuple[slot]),
            ],
            _ => [returned],
        };

    private static IReadOnlyList<object?> Elements(object? value, OutputDefinition output)
    {
        value = Unwrap(value);
        return output.IsList && value is IEnumerable list and not string
            ? [.. list.Cast<object?>().Select(Unwrap)]
            : [value];
    }

    private static object? Unwrap(object? value) => value is ISlot slot ? slot.Content : value;
}
