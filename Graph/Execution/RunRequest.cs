using Newtonsoft.Json.Linq;
using NodeHost.Graph.Validation;

namespace NodeHost.Graph.Execution;

/// <summary>A validated prompt and the outputs that are wanted from it.</summary>
public sealed record RunRequest(string PromptId, JObject Prompt, IReadOnlyList<string> Outputs)
{
    /// <summary>What the client sent along; nodes see its <c>extra_pnginfo</c>.</summary>
    public JObject ExtraData { get; init; } = [];

    /// <summary>Keys to services that nodes may use. They are no part of <see cref="ExtraData"/>, and end up nowhere.</summary>
    public JObject Secrets { get; init; } = [];

    public static RunRequest From(PromptValidation validation, string promptId) =>
        validation is { Accepted: true, Request: { } request }
            ? new(promptId, request.Prompt, validation.Outputs) { ExtraData = request.ExtraData }
            : throw new ArgumentException("Only an accepted prompt can be run; this one was refused.");
}
