namespace NodeHost.Graph.Contracts;

/// <summary>A node of an expansion. Inputs are links, constants, or any object that a node's output could be.</summary>
public sealed class GraphNode(string id, string classType)
{
    private readonly OrderedDictionary<string, object?> _inputs = [];

    public string Id { get; } = id;

    public string ClassType { get; } = classType;

    public IReadOnlyDictionary<string, object?> Inputs => _inputs;

    /// <summary>The node on the canvas that events name; the parent's when null.</summary>
    public string? OverrideDisplayId { get; set; }

    /// <summary>The link to one of this node's outputs.</summary>
    public NodeLink Out(int slot) => new(Id, slot);

    /// <summary>Sets an input; null removes it.</summary>
    public GraphNode Set(string input, object? value)
    {
        if (value is null)
        {
            _inputs.Remove(input);
        }
        else
        {
            _inputs[input] = value;
        }
        return this;
    }
}
