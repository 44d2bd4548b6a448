namespace NodeHost.Graph.Contracts;

/// <summary>Adds one option to an input's definition that has no property of its own; the value is JSON text.</summary>
[AttributeUsage(AttributeTargets.Property, AllowMultiple = true)]
public sealed class InputOptionAttribute(string key, string json) : Attribute
{
    public string Key { get; } = key;

    public string Json { get; } = json;
}
