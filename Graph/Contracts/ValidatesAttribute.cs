namespace NodeHost.Graph.Contracts;

/// <summary>Names (wire or property) the inputs that a node's own validation covers; no names means all of them.</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class ValidatesAttribute(params string[] inputs) : Attribute
{
    public IReadOnlyList<string> Inputs { get; } = inputs;

    /// <summary>The node judges linked types itself (<see cref="ValidationContext.LinkedTypes"/>); the server does not.</summary>
    public bool TakesTypes { get; init; }
}
