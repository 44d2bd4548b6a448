using System.Diagnostics.CodeAnalysis;
using Newtonsoft.Json.Linq;

namespace NodeHost.Workflows;

/// <summary>What a file of a workflow gives: a prompt, or the reasons why not.</summary>
internal sealed record WorkflowReading
{
    /// <summary>The graph in API format; null when there are problems.</summary>
    public JObject? Prompt { get; init; }

    /// <summary>The rest of a <c>POST /prompt</c> body, where the file was one.</summary>
    public JObject? Body { get; init; }

    /// <summary>The workflow as the canvas drew it, where the file has it: saved pictures carry it on.</summary>
    public JObject? Canvas { get; init; }

    /// <summary>Every reason why there is no prompt.</summary>
    public IReadOnlyList<WorkflowProblem> Problems { get; init; } = [];

    [MemberNotNullWhen(true, nameof(Prompt))]
    public bool IsConverted => Prompt is not null && Problems.Count == 0;

    internal static WorkflowReading Of(string problem) => new() { Problems = [new WorkflowProblem(problem)] };
}
