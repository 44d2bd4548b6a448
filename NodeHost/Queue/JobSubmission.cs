using Newtonsoft.Json.Linq;
using NodeHost.Graph.Validation;

namespace NodeHost.Queue;

/// <summary>A validated prompt on its way into the queue.</summary>
/// <param name="PromptId">Unique among pending, running and finished jobs; any text.</param>
/// <param name="Number">Place in the queue, written as given: the counter's are integers, a client's own are reals.</param>
/// <param name="Prompt">The graph in API format, constants converted.</param>
/// <param name="Outputs">The output nodes to run.</param>
internal sealed record JobSubmission(string PromptId, JValue Number, JObject Prompt, IReadOnlyList<string> Outputs)
{
    /// <summary>As the client sent it, with <c>client_id</c>. The queue takes the secrets out: they reach nodes and nothing else.</summary>
    public JObject ExtraData { get; init; } = [];

    /// <summary>Secrets that came by another way than <see cref="ExtraData"/>.</summary>
    public JObject Secrets { get; init; } = [];

    /// <summary>Milliseconds since 1970; null means now.</summary>
    public long? CreateTime { get; init; }

    /// <summary>What is to be called when the job has ended; null for nothing. The queue keeps it and does not look inside.</summary>
    public JObject? Webhook { get; init; }

    public static JobSubmission From(PromptValidation validation, string promptId, JValue number) =>
        validation is { Accepted: true, Request: { } request }
            ? new(promptId, number, request.Prompt, validation.Outputs) { ExtraData = request.ExtraData }
            : throw new ArgumentException("Only an accepted prompt can be queued; this one was refused.");
}
