namespace NodeHost.Queue;

/// <summary>A call that is owed because a job has ended.</summary>
/// <param name="PromptId">The job.</param>
/// <param name="Webhook">What was given with the job, as UTF-8 JSON.</param>
internal sealed record WebhookCall(string PromptId, ReadOnlyMemory<byte> Webhook);
