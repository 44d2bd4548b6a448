using Newtonsoft.Json.Linq;

namespace NodeHost.Graph.Contracts;

/// <summary>The graph as it is now: the prompt's nodes and those that expansion has added since.</summary>
public interface IDynamicPrompt
{
    /// <summary>The prompt as it was queued, in API format.</summary>
    JObject OriginalPrompt { get; }

    IReadOnlyCollection<string> NodeIds { get; }

    bool Has(string nodeId);

    string ClassType(string nodeId);

    /// <summary>Inputs by wire name; a connection is a <see cref="NodeLink"/>.</summary>
    IReadOnlyDictionary<string, object?> Inputs(string nodeId);

    /// <summary>The node of the queued prompt from which an expanded node came; itself otherwise.</summary>
    string RealNodeId(string nodeId);

    string DisplayNodeId(string nodeId);

    string? ParentNodeId(string nodeId);
}
