namespace NodeHost.Graph.Contracts;

/// <summary>Makes a property an input. Derived attributes add a widget's bounds.</summary>
/// <remarks>
/// The section follows from the property: nullable means optional, all else required, unless <see cref="Optional"/> or
/// <see cref="Lazy"/> say otherwise. The wire name is the property's name in snake_case unless <see cref="Name"/> is
/// given. An initializer is the widget's default; a <c>required</c> property has none.
/// </remarks>
[AttributeUsage(AttributeTargets.Property)]
public class InputAttribute : Attribute
{
    public string? Name { get; init; }

    /// <summary>The label on the canvas where it differs from the wire name.</summary>
    public string? DisplayName { get; init; }

    /// <summary>Socket type, where it does not follow from the property's type: <c>"INT,FLOAT"</c>, <c>"*"</c>.</summary>
    public string? Type { get; init; }

    public string? Tooltip { get; init; }

    /// <summary>Puts a property that is not nullable into the optional section.</summary>
    public bool Optional { get; init; }

    /// <summary>Evaluated only when <see cref="ILazyNode"/> asks for it; null until then (and not optional for being nullable).</summary>
    public bool Lazy { get; init; }

    /// <summary>The property receives the <see cref="NodeLink"/> itself instead of what it leads to.</summary>
    public bool RawLink { get; init; }

    public bool ForceInput { get; init; }

    public bool Advanced { get; init; }

    /// <summary>Writes <c>["TYPE", {}]</c> where V1 would write <c>["TYPE"]</c>, as a few ComfyUI nodes do.</summary>
    public bool WithOptions { get; init; }
}
