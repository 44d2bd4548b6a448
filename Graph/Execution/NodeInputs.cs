using NodeHost.Graph.Catalogue;
using NodeHost.Graph.Contracts;

namespace NodeHost.Graph.Execution;

/// <summary>The inputs of one node as lists, for everything in a workflow travels as a list.</summary>
internal sealed class NodeInputs(RunNode node, RunGraph graph)
{
    private readonly OrderedDictionary<string, IReadOnlyList<object?>> _values = [];

    public IReadOnlyDictionary<string, IReadOnlyList<object?>> Values => _values;

    /// <summary>Lazy inputs whose value is not there yet.</summary>
    public HashSet<string> Missing { get; } = [];

    public void Add(string input, IReadOnlyList<object?> values) => _values[input] = values;

    /// <summary>How often the node is called: as often as the longest list is long.</summary>
    public int CallCount
    {
        get
        {
            if (node.Definition.Attribute.InputIsList || _values.Count == 0)
            {
                return 1;
            }
            var longest = _values.Values.Max(values => values.Count);
            if (longest > 0 && _values.FirstOrDefault(input => input.Value.Count == 0) is { Key: { } empty })
            {
                throw new GraphException(
                    "IndexError",
                    $"{node.Describe()}, input '{empty}': expected as many values as the other inputs have ({longest}), "
                        + "got an empty list. Leave the node out when there is nothing to do.",
                    empty
                );
            }
            return Math.Max(longest, 1);
        }
    }

    /// <summary>The blocker that keeps a call from happening, if there is one.</summary>
    public ExecutionBlocker? FindBlocker(int call)
    {
        foreach (var values in _values.Values)
        {
            if (node.Definition.Attribute.InputIsList)
            {
                if (values.OfType<ExecutionBlocker>().FirstOrDefault() is { } blocker)
                {
                    return blocker;
                }
            }
            else if (values.Count > 0 && values[Math.Min(call, values.Count - 1)] is ExecutionBlocker blocker)
            {
                return blocker;
            }
        }
        return null;
    }

    /// <summary>Sets a new instance's inputs for one call. A required input without a value is an error only where <paramref name="complete"/>.</summary>
    public void Bind(INode instance, int call, bool complete)
    {
        foreach (var input in node.Definition.Inputs)
        {
            var isThere = _values.TryGetValue(input.Name, out var values) && (values.Count > 0 || IsList);
            if (isThere)
            {
                BindOne(instance, input, values!, call);
            }
            else if (complete && !input.IsOptional && !Missing.Contains(input.Name))
            {
                throw new GraphException(
                    "TypeError",
                    $"{node.Describe()}, input '{input.Name}': expected {input.SocketType ?? "a choice"}, got nothing. Connect it or give a value.",
                    input.Name
                );
            }
        }
    }

    private bool IsList => node.Definition.Attribute.InputIsList;

    private void BindOne(INode instance, InputDefinition input, IReadOnlyList<object?> values, int call)
    {
        try
        {
            if (IsList)
            {
                InputBinder.BindList(instance, input, values);
            }
            else
            {
                InputBinder.Bind(instance, input, values[Math.Min(call, values.Count - 1)]);
            }
        }
        catch (InputBindingException error)
        {
            throw new GraphException(
                "TypeError",
                $"{node.Describe()}, {error.Message}{Source(input.Name)}",
                input.Name
            );
        }
    }

    private string Source(string input)
    {
        if (node.Inputs.GetValueOrDefault(input) is not NodeLink link || graph.Find(link.NodeId) is not { } upstream)
        {
            return "";
        }
        var socket = upstream.Definition.Outputs.ElementAtOrDefault(link.Slot)?.Type ?? "a value";
        return $" It is {socket} from {upstream.Describe()} output {link.Slot}; connect one of the expected type.";
    }
}
