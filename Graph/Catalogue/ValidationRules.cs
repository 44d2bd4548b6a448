using NodeHost.Graph.Contracts;

namespace NodeHost.Graph.Catalogue;

/// <summary>Which of a node's inputs its own validation covers.</summary>
internal sealed class ValidationRules
{
    private readonly HashSet<string>? _named;

    public ValidationRules(NodeDefinition definition)
    {
        HasOwn =
            definition.Type.IsAssignableTo(typeof(IValidatedNode))
            || definition.Type.IsAssignableTo(typeof(IAsyncValidatedNode));
        if (!HasOwn)
        {
            _named = [];
            return;
        }
        var attribute = (ValidatesAttribute?)Attribute.GetCustomAttribute(definition.Type, typeof(ValidatesAttribute));
        TakesTypes = attribute?.TakesTypes ?? false;
        _named =
            attribute?.Inputs is { Count: > 0 } names ? [.. names.Select(definition.WireName)]
            : TakesTypes ? []
            : null;
    }

    public bool HasOwn { get; }

    public bool TakesTypes { get; }

    public bool Covers(string input) => _named is null || _named.Contains(input);
}
