namespace NodeHost.Queue;

/// <summary>A job that is running now.</summary>
/// <param name="PromptId">Its id.</param>
/// <param name="ClientId">Null when the prompt has none, which ComfyUI treats unlike an empty one.</param>
internal sealed record RunningJob(string PromptId, string? ClientId);
