namespace NodeHost.Graph.Contracts;

/// <summary>Makes a property receive something that the server knows; clients cannot set it.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class HiddenAttribute(HiddenInput kind) : Attribute
{
    public HiddenInput Kind { get; } = kind;

    public string? Name { get; init; }
}
