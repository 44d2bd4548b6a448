using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using NodeHost.Events;
using NodeHost.Graph.Events;
using NodeHost.Graph.Execution;
using NodeHost.Storage;

namespace NodeHost.Queue;

/// <summary>Runs jobs one after another on a thread of its own. Nothing that happens in a job, or to the store, ends it.</summary>
/// <remarks>
/// After a job: (1) its end is stored, (2) it leaves the queue and all clients hear the new number, (3) its client hears
/// that nothing is executing, (4) what was asked to be freed is freed.
/// </remarks>
internal sealed class JobWorker : IDisposable
{
    private const int StackBytes = 16 << 20;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestStop = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan CollectionInterval = TimeSpan.FromSeconds(10);

    private readonly JobQueue _queue;
    private readonly IJobStore _store;
    private readonly IJobRunner _runner;
    private readonly IServerEvents _events;
    private readonly ILogger _log;
    private readonly TimeProvider _time;
    private readonly WorkerSlot _slot;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Thread _thread;
    private long _lastCollection;

    /// <param name="queue">Where jobs come from.</param>
    /// <param name="store">Where their ends go.</param>
    /// <param name="runner">Disposed with the worker.</param>
    /// <param name="events">Who is told.</param>
    /// <param name="log">For whoever runs the server.</param>
    /// <param name="time">The clock.</param>
    public JobWorker(
        JobQueue queue,
        IJobStore store,
        IJobRunner runner,
        IServerEvents events,
        ILogger log,
        TimeProvider? time = null
    )
    {
        (_queue, _store, _runner, _events, _log) = (queue, store, runner, events, log);
        _time = time ?? TimeProvider.System;
        _lastCollection = _time.GetTimestamp();
        _slot = queue.Attach();
        // libtorch keeps a team of threads per calling thread, so it had better always be the same one.
        _thread = new(Work, StackBytes) { IsBackground = true, Name = "job worker" };
        _thread.Start();
    }

    /// <summary>Stops the running job, which goes back into the queue. A node that does not listen is left behind: its job runs again after the next start.</summary>
    public void Dispose()
    {
        _stopping.Cancel();
        if (_thread.Join(LongestStop))
        {
            _runner.Dispose();
            _stopping.Dispose();
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "The worker's fence: it must outlive everything.")]
    private void Work()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                _slot.Wait(_stopping.Token);
                // Before a job too: what was asked for before it came is done before it starts.
                FreeWhatWasAskedFor();
                while (!_stopping.IsCancellationRequested && _queue.Take() is { } job)
                {
                    Work(job);
                    FreeWhatWasAskedFor();
                }
                CollectGarbage();
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested) { }
            catch (Exception error)
            {
                _log.WorkerStumbled(error);
            }
        }
    }

    private void Work(ActiveJob job)
    {
        if (!TryStore(() => Task.FromResult(_store.Start(job.Key.Id, Now())), out var stored))
        {
            _queue.PutBack(job);
            return;
        }
        job.SetClient(stored.ClientId);
        Tell(_queue.Announce);
        var start = _time.GetUtcNow();
        var outcome = Run(job, stored, start);
        if (outcome is null)
        {
            // The server stops: the job is not to blame, and runs after the next start.
            _ = TryStore(() => RequeueAsync(job), out _);
            return;
        }
        _log.JobEnded(stored.PromptId, outcome.State, (outcome.EndTime - outcome.StartTime) / 1000.0);
        if (!TryStore(() => FinishAsync(job, outcome), out _))
        {
            return;
        }
        Tell(() => _queue.Ended(job));
        Tell(() => _events.JobEnded(stored.PromptId, stored.ClientId));
    }

    /// <summary>How the job ended; null when it was stopped because the server stops.</summary>
    [SuppressMessage(
        "Design",
        "CA1031",
        Justification = "The fence round a job: whatever is thrown ends this job only."
    )]
    private JobOutcome? Run(ActiveJob job, StoredJob stored, DateTimeOffset start)
    {
        var events = new JobEvents(stored.ClientId, _events, _log);
        try
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(job.Interruption, _stopping.Token);
            var request = JobRequests.Read(stored);
            events.IsWithheld = happened =>
                happened is ExecutionFailed { Timestamp: not null, Error.IsOutOfMemory: true } || IsStopped(happened);
            var result = _runner.Run(request, events, stop.Token);
            if (result is { Status: RunStatus.Failed, Error.IsOutOfMemory: true })
            {
                _log.OutOfMemory(stored.PromptId);
                _runner.Free(dropResults: true);
                events.IsWithheld = IsStopped;
                result = _runner.Run(request, events, stop.Token);
            }
            if (result.Status == RunStatus.Interrupted && IsStopped())
            {
                return null;
            }
            if (result.Error is { } error)
            {
                _log.JobFailed(
                    error.Exception,
                    stored.PromptId,
                    error.NodeType,
                    error.NodeId,
                    error.ExceptionMessage.Trim()
                );
            }
            return JobOutcomes.From(result, start, _time.GetUtcNow());
        }
        catch (Exception error)
        {
            _log.JobBroken(error, stored.PromptId);
            var reason = $"The server failed while it ran this prompt: {error.Message} The server's log has more.";
            var type = error.GetType().Name;
            events.IsWithheld = _ => false;
            events.Publish(JobOutcomes.Failure(stored.PromptId, type, reason, _time.GetUtcNow()));
            return JobOutcomes.Failed(stored.PromptId, type, reason, _time.GetUtcNow());
        }

        bool IsStopped(ExecutionEvent? happened = null) =>
            happened is null or ExecutionInterrupted
            && _stopping.IsCancellationRequested
            && !job.Interruption.IsCancellationRequested;
    }

    private async Task<bool> RequeueAsync(ActiveJob job)
    {
        await _store.RequeueAsync(job.Key.Id, countAttempt: false).ConfigureAwait(false);
        return true;
    }

    private async Task<bool> FinishAsync(ActiveJob job, JobOutcome outcome)
    {
        await _store.FinishAsync(job.Key.Id, outcome).ConfigureAwait(false);
        return true;
    }

    /// <summary>Asks the store until it answers; false when the server stops first.</summary>
    [SuppressMessage(
        "Design",
        "CA1031",
        Justification = "A full disk can become free again: the job must not be lost for it."
    )]
    private bool TryStore<TResult>(Func<Task<TResult>> ask, [NotNullWhen(true)] out TResult? result)
        where TResult : notnull
    {
        for (var pause = FirstPause; ; pause = pause + pause < LongestPause ? pause + pause : LongestPause)
        {
            try
            {
                result = ask().GetAwaiter().GetResult();
                return true;
            }
            catch (Exception error)
            {
                _log.StoreFailed(error, pause.TotalSeconds);
                if (_stopping.Token.WaitHandle.WaitOne(pause))
                {
                    result = default;
                    return false;
                }
            }
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "No watcher can end a worker.")]
    private void Tell(Action tell)
    {
        try
        {
            tell();
        }
        catch (Exception error)
        {
            _log.WorkerStumbled(error);
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "Failing to free is worth a line in the log, not the worker.")]
    private void FreeWhatWasAskedFor()
    {
        var (unloadModels, freeMemory) = _slot.TakeFlags();
        if (!unloadModels)
        {
            return;
        }
        try
        {
            _runner.Free(freeMemory);
        }
        catch (Exception error)
        {
            _log.FreeFailed(error);
        }
    }

    private void CollectGarbage()
    {
        if (_time.GetElapsedTime(_lastCollection) >= CollectionInterval)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Optimized, blocking: false);
            _lastCollection = _time.GetTimestamp();
        }
    }

    private long Now() => _time.GetUtcNow().ToUnixTimeMilliseconds();
}
