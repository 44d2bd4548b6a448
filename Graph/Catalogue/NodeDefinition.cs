using NodeHost.Graph.Contracts;

namespace NodeHost.Graph.Catalogue;

/// <summary>What is known about a node class: the source of validation, of execution and of <c>/object_info</c>.</summary>
public sealed class NodeDefinition
{
    private readonly Dictionary<string, InputDefinition> _byName;

    internal NodeDefinition(
        Type type,
        NodeAttribute attribute,
        IReadOnlyList<InputDefinition> inputs,
        IReadOnlyList<HiddenDefinition> hidden,
        IReadOnlyList<OutputDefinition> outputs,
        IReadOnlyList<string?> outputTooltips,
        NodeInvoker invoker
    )
    {
        Type = type;
        Attribute = attribute;
        Module = attribute.Module;
        Inputs = inputs;
        Hidden = hidden;
        Outputs = outputs;
        OutputTooltips = outputTooltips;
        Invoker = invoker;
        _byName = inputs.ToDictionary(input => input.Name);
        ValidationRules = new(this);
        ConnectableInputs = [.. inputs.Where(input => !input.IsOptional), .. inputs.Where(input => input.IsOptional)];
    }

    public string ClassType => Attribute.WireName;

    public Type Type { get; }

    public NodeAttribute Attribute { get; }

    /// <summary>ComfyUI's <c>python_module</c>: the attribute's, or <c>custom_nodes.NAME</c>.</summary>
    public string Module { get; init; }

    public bool IsOutputNode => Attribute.OutputNode;

    public bool IsAsync => Invoker.IsAsync;

    /// <summary>In the order in which the class declares them.</summary>
    public IReadOnlyList<InputDefinition> Inputs { get; }

    public IReadOnlyList<HiddenDefinition> Hidden { get; }

    public IReadOnlyList<OutputDefinition> Outputs { get; }

    /// <summary>Two nodes of this class never share a result, because each is told its own id or draws its own luck.</summary>
    public bool IsTiedToId => Attribute.NotIdempotent || Hidden.Any(hidden => hidden.Kind == HiddenInput.UniqueId);

    internal IReadOnlyList<string?> OutputTooltips { get; }

    internal NodeInvoker Invoker { get; }

    /// <summary>Required inputs, then optional ones.</summary>
    internal IReadOnlyList<InputDefinition> ConnectableInputs { get; }

    internal ValidationRules ValidationRules { get; }

    public InputDefinition? FindInput(string name) => _byName.GetValueOrDefault(name);

    public INode Create() => (INode)Activator.CreateInstance(Type)!;

    /// <summary>A name as a node's author may write it, wire or property, as the wire name.</summary>
    internal string WireName(string name) =>
        _byName.ContainsKey(name) ? name : Inputs.FirstOrDefault(input => input.PropertyName == name)?.Name ?? name;
}
