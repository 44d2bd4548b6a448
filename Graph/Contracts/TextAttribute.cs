namespace NodeHost.Graph.Contracts;

/// <summary>A text input.</summary>
public sealed class TextAttribute : InputAttribute
{
    /// <summary>Writes <c>"multiline": true</c>.</summary>
    public bool Multiline { get; init; }

    /// <summary>Writes <c>"multiline": false</c>, which ComfyUI's V3 nodes do where V1 nodes say nothing.</summary>
    public bool SingleLine { get; init; }

    /// <summary>The canvas replaces <c>{a|b}</c> before queueing.</summary>
    public bool DynamicPrompts { get; init; }

    public string? Placeholder { get; init; }
}
