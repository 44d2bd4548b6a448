namespace NodeHost.Graph.Contracts;

/// <summary>A switch (BOOLEAN).</summary>
public sealed class ToggleAttribute : InputAttribute
{
    public string? LabelOn { get; init; }

    public string? LabelOff { get; init; }
}
