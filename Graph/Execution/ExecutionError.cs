using Newtonsoft.Json.Linq;

namespace NodeHost.Graph.Execution;

/// <summary>Where and why a run failed, with what is needed to find out the cause.</summary>
public sealed record ExecutionError
{
    /// <summary>The node of the prompt; for a node that came by expansion, the one it came from.</summary>
    public required string NodeId { get; init; }

    public required string NodeType { get; init; }

    /// <summary>The node that failed, where expansion put it into another's place.</summary>
    public string? InnerNodeId { get; init; }

    /// <summary>The input that is to blame, where that is known.</summary>
    public string? InputName { get; init; }

    public required string ExceptionMessage { get; init; }

    public required string ExceptionType { get; init; }

    public IReadOnlyList<string> Traceback { get; init; } = [];

    /// <summary>Numbers, texts and switches as they are, everything else as shortened text.</summary>
    public JObject CurrentInputs { get; init; } = [];

    public IReadOnlyList<string> CurrentOutputs { get; init; } = [];

    public IReadOnlyList<string> Executed { get; init; } = [];

    public bool IsOutOfMemory { get; init; }

    /// <summary>For programs that embed the executor; not for clients.</summary>
    public Exception? Exception { get; init; }
}
