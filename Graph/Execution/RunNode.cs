using NodeHost.Graph.Caching;
using NodeHost.Graph.Catalogue;
using NodeHost.Graph.Contracts;

namespace NodeHost.Graph.Execution;

/// <summary>A node of a running graph: what it is, where it stands, and what the run knows about it.</summary>
internal sealed class RunNode(
    string id,
    NodeDefinition definition,
    OrderedDictionary<string, object?> inputs,
    string? parentId,
    string displayId,
    string realId
)
{
    public string Id { get; } = id;

    public NodeDefinition Definition { get; } = definition;

    /// <summary>Links, plain constants, JSON, or (after expansion) any object.</summary>
    public OrderedDictionary<string, object?> Inputs { get; } = inputs;

    public string? ParentId { get; } = parentId;

    public string DisplayId { get; } = displayId;

    public string RealId { get; } = realId;

    public bool IsExpanded => ParentId is not null;

    /// <summary>Values of the node's own fingerprint; null when it has none.</summary>
    public IReadOnlyList<object?>? Fingerprint { get; set; }

    public CacheKey? Key { get; set; }

    /// <summary>Its own inputs or fingerprint equal nothing, so that no result of it is ever found again.</summary>
    public bool IsIncomparable { get; set; }

    /// <summary>Held by the run while it is set.</summary>
    public NodeResult? Result { get; set; }

    /// <summary>Nodes whose results this one uses; each counts in their <see cref="UserCount"/>.</summary>
    public HashSet<RunNode> Uses { get; } = [];

    public int UserCount { get; set; }

    /// <summary>The node has a sub-graph: its result stays to the end, because making it again would collide.</summary>
    public bool HasExpanded { get; set; }

    /// <summary>Started calls of an asynchronous node.</summary>
    public Task<NodeCallResults>? Outstanding { get; set; }

    /// <summary>Calls whose results wait for the sub-graph.</summary>
    public NodeCallResults? Expanding { get; set; }

    /// <summary>The inputs of the call that is under way, for error reports.</summary>
    public NodeInputs? Gathered { get; set; }

    public IEnumerable<(string Input, NodeLink Link)> Links =>
        from input in Inputs
        where input.Value is NodeLink
        select (input.Key, (NodeLink)input.Value!);

    public string Describe() => $"{Definition.ClassType} #{Id}";
}
