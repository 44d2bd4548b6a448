namespace NodeHost.Storage;

/// <summary>What the queue keeps of a waiting job: enough to order it and to find it in the store.</summary>
internal sealed record JobKey(long Id, string PromptId, double Number);
