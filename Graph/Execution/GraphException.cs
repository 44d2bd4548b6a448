namespace NodeHost.Graph.Execution;

/// <summary>A graph that cannot be run as it is; <paramref name="referenceType"/> is what ComfyUI would call it.</summary>
internal sealed class GraphException(string referenceType, string message, string? inputName = null)
    : Exception(message)
{
    public string ReferenceType { get; } = referenceType;

    public string? InputName { get; } = inputName;
}
