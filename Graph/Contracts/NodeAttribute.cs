namespace NodeHost.Graph.Contracts;

/// <summary>Makes a sealed class a node and gives what clients see of it. The wire name is what workflows store.</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class NodeAttribute(string wireName) : Attribute
{
    public string WireName { get; } = wireName;

    /// <summary>Slash-separated place in the menu.</summary>
    public string Category { get; init; } = "sd";

    /// <summary>Title on the canvas; absent means the wire name (V1) or null (V3).</summary>
    public string? DisplayName { get; init; }

    public string Description { get; init; } = "";

    /// <summary>ComfyUI's <c>python_module</c>, from which the canvas derives badges.</summary>
    public string Module { get; init; } = "nodes";

    public NodeSchema Schema { get; init; }

    /// <summary>A run starts from output nodes; everything else runs only when one of them needs it.</summary>
    public bool OutputNode { get; init; }

    public bool Deprecated { get; init; }

    public bool Experimental { get; init; }

    public bool ApiNode { get; init; }

    /// <summary>One call receives whole lists: every input property is an <c>IReadOnlyList</c>.</summary>
    public bool InputIsList { get; init; }

    /// <summary>Equal inputs may give unequal results, so two nodes of this class never share one.</summary>
    public bool NotIdempotent { get; init; }
}
