namespace NodeHost.Graph.Contracts;

/// <summary>Says about one output slot what the C# type and tuple name do not.</summary>
/// <remarks>
/// Without it an output is named after its tuple element in snake_case, or after its socket type where the element is
/// named like the type. Nodes that return <c>object?[]</c> declare every slot this way.
/// </remarks>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class OutputAttribute(int slot) : Attribute
{
    public int Slot { get; } = slot;

    public string? Name { get; init; }

    public string? Type { get; init; }

    public string? Tooltip { get; init; }

    /// <summary>The value is a list whose elements travel separately (<c>OUTPUT_IS_LIST</c>).</summary>
    public bool IsList { get; init; }
}
