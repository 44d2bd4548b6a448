namespace NodeHost.Workflows;

/// <summary>Why a file gives no prompt.</summary>
/// <param name="Message">Expected, given and remedy; the place is in the other members.</param>
internal sealed record WorkflowProblem(string Message)
{
    /// <summary>The node it is about, by its id in API format; null where it is about the file.</summary>
    public string? NodeId { get; init; }

    /// <summary>The class the node asks for.</summary>
    public string? ClassType { get; init; }

    /// <summary>The node's title, where it has one.</summary>
    public string? Title { get; init; }

    /// <summary>The message with the node before it.</summary>
    public override string ToString() =>
        NodeId is null ? Message : $"node #{NodeId}{(Title is null ? "" : $" ('{Title}')")}: {Message}";
}
