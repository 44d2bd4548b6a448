using Newtonsoft.Json.Linq;

namespace NodeHost.Graph.Workflows;

/// <summary>The body of <c>POST /prompt</c>: a graph in API format and what the client says about it.</summary>
public sealed record PromptRequest(JObject Prompt)
{
    public string? PromptId { get; init; }

    public string? ClientId { get; init; }

    /// <summary>Place in the queue; absent means behind everything.</summary>
    public double? Number { get; init; }

    public bool Front { get; init; }

    /// <summary>With <c>client_id</c> copied in, as it is queued.</summary>
    public JObject ExtraData { get; init; } = [];

    /// <summary>Only these output nodes are wanted; null means all.</summary>
    public IReadOnlyList<string>? PartialExecutionTargets { get; init; }
}
