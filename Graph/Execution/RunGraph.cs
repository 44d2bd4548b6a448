using Newtonsoft.Json.Linq;
using NodeHost.Graph.Catalogue;
using NodeHost.Graph.Contracts;

namespace NodeHost.Graph.Execution;

/// <summary>The nodes of a run: those of the prompt, and those that expansion adds.</summary>
internal sealed class RunGraph : IDynamicPrompt
{
    private readonly OrderedDictionary<string, RunNode> _nodes = [];
    private readonly NodeCatalogue _catalogue;

    public RunGraph(JObject prompt, NodeCatalogue catalogue)
    {
        OriginalPrompt = prompt;
        _catalogue = catalogue;
        foreach (var (id, token) in prompt)
        {
            var classType = (string?)token?["class_type"] ?? "";
            var inputs = new OrderedDictionary<string, object?>();
            foreach (var (name, value) in token?["inputs"] as JObject ?? [])
            {
                inputs[name] = ReadInput(value);
            }
            _nodes.Add(id, new(id, Definition(id, classType), inputs, null, id, id));
        }
    }

    public JObject OriginalPrompt { get; }

    public IReadOnlyCollection<string> NodeIds => _nodes.Keys;

    public IEnumerable<RunNode> Nodes => _nodes.Values;

    public RunNode Get(string id) =>
        Find(id) ?? throw new GraphException("comfy_execution.graph.NodeNotFoundError", $"Node {id} not found");

    public RunNode? Find(string id) => _nodes.GetValueOrDefault(id);

    public bool Has(string nodeId) => _nodes.ContainsKey(nodeId);

    public string ClassType(string nodeId) => Get(nodeId).Definition.ClassType;

    public IReadOnlyDictionary<string, object?> Inputs(string nodeId) => Get(nodeId).Inputs;

    public string RealNodeId(string nodeId) => Get(nodeId).RealId;

    public string DisplayNodeId(string nodeId) => Get(nodeId).DisplayId;

    public string? ParentNodeId(string nodeId) => Get(nodeId).ParentId;

    /// <summary>Adds the nodes of an expansion, all or none.</summary>
    public IReadOnlyList<RunNode> Expand(RunNode parent, ExpandedGraph expansion)
    {
        var added = new List<RunNode>();
        var ids = new HashSet<string>();
        foreach (var node in expansion.Nodes)
        {
            if (Has(node.Id) || !ids.Add(node.Id))
            {
                throw new GraphException(
                    "comfy_execution.graph.DuplicateNodeError",
                    $"Attempt to add duplicate node {node.Id}. Ensure node ids are unique and deterministic or use GraphBuilder"
                );
            }
            var inputs = new OrderedDictionary<string, object?>(node.Inputs);
            var displayId = node.OverrideDisplayId ?? parent.DisplayId;
            added.Add(new(node.Id, Definition(node.Id, node.ClassType), inputs, parent.Id, displayId, parent.RealId));
        }
        foreach (var node in added)
        {
            _nodes.Add(node.Id, node);
        }
        return added;
    }

    private NodeDefinition Definition(string id, string classType) =>
        _catalogue.Find(classType)
        ?? throw new GraphException(
            "KeyError",
            $"Node #{id}: the class '{classType}' does not exist. Use one of the classes of /object_info."
        );

    private static object? ReadInput(JToken? value) =>
        value is JArray { Count: 2 } pair
        && pair[0] is JValue { Value: string id }
        && pair[1] is JValue { Type: JTokenType.Integer or JTokenType.Float } slot
            ? new NodeLink(id, slot.Value<int>())
            : InputBinder.Plain(value);
}
