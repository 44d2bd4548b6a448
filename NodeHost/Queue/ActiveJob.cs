using NodeHost.Storage;

namespace NodeHost.Queue;

/// <summary>A job in a worker's hands.</summary>
internal sealed class ActiveJob(JobKey key) : IDisposable
{
    private readonly CancellationTokenSource _interruption = new();
    private string? _clientId;

    public JobKey Key { get; } = key;

    public CancellationToken Interruption => _interruption.Token;

    public RunningJob Description => new(Key.PromptId, _clientId);

    public void SetClient(string? clientId) => _clientId = clientId;

    /// <summary>Tells the run to stop, and does not wait for it.</summary>
    public void Interrupt() => _ = _interruption.CancelAsync();

    public void Dispose() => _interruption.Dispose();
}
