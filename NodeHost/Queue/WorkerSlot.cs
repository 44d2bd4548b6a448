namespace NodeHost.Queue;

/// <summary>What the queue has for one worker besides jobs: a bell, and whether memory is to be freed.</summary>
internal sealed class WorkerSlot : IDisposable
{
    private readonly SemaphoreSlim _bell = new(0);
    private readonly Lock _lock = new();
    private bool _unloadModels;
    private bool _freeMemory;

    public void Ring() => _bell.Release();

    public void Wait(CancellationToken cancellationToken) => _bell.Wait(cancellationToken);

    public void AskToFree(bool unloadModels, bool freeMemory)
    {
        lock (_lock)
        {
            _unloadModels |= unloadModels || freeMemory;
            _freeMemory |= freeMemory;
        }
        Ring();
    }

    /// <summary>What has been asked for since the last time.</summary>
    public (bool UnloadModels, bool FreeMemory) TakeFlags()
    {
        lock (_lock)
        {
            var flags = (_unloadModels, _freeMemory);
            (_unloadModels, _freeMemory) = (false, false);
            return flags;
        }
    }

    public void Dispose() => _bell.Dispose();
}
