using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Data.Sqlite;

namespace NodeHost.Storage.Sqlite;

/// <summary>The one thread that writes. What arrives while a commit is on its way to the disk goes into the next one together.</summary>
internal sealed class SqliteWriter : IDisposable
{
    // Keeps a flood from making those wait long that came first.
    private const int LargestBatch = 256;

    // How long a change may wait for company that nobody waits for.
    private static readonly TimeSpan Leisure = TimeSpan.FromMilliseconds(5);

    private readonly ChangeQueue<IChange> _changes = new();
    private readonly SqliteFile _file;
    private readonly SqliteSession _session;
    private readonly Thread _thread;

    public SqliteWriter(SqliteFile file, SqliteSession session)
    {
        (_file, _session) = (file, session);
        _thread = new(Write) { IsBackground = true, Name = "job store" };
        _thread.Start();
    }

    /// <summary>Makes a change; the task ends when it is on the disk.</summary>
    public Task<TResult> RunAsync<TResult>(Func<SqliteSession, TResult> apply)
    {
        var change = new Change<TResult>(apply, isUrgent: true);
        Enqueue(change);
        return change.Task;
    }

    public Task RunAsync(Action<SqliteSession> apply) =>
        RunAsync<object?>(session =>
        {
            apply(session);
            return null;
        });

    /// <summary>Makes a change that nobody waits for; it may go to the disk together with the next one.</summary>
    public void RunSoon(Action<SqliteSession> apply)
    {
        var change = new Change<object?>(
            session =>
            {
                apply(session);
                return null;
            },
            isUrgent: false
        );
        Enqueue(change);
        // Nobody hears of a failure here; what follows fails the same way, and somebody hears of that.
        _ = change.Task.ContinueWith(
            task => task.Exception,
            CancellationToken.None,
            TaskContinuationOptions.OnlyOnFaulted,
            TaskScheduler.Default
        );
    }

    private void Enqueue(IChange change)
    {
        if (!_changes.TryAdd(change))
        {
            change.Fail(
                new JobStoreException($"{_file.Path}: the server is shutting down. Try again when it is back.")
            );
        }
    }

    public void Dispose()
    {
        _changes.Close();
        _thread.Join();
        _session.Dispose();
    }

    private void Write()
    {
        var batch = new List<IChange>();
        while (_changes.TryTake(out var first))
        {
            batch.Add(first);
            var start = Stopwatch.GetTimestamp();
            while (batch.Count < LargestBatch && _changes.TryTake(Patience(batch, start), out var next))
            {
                batch.Add(next);
            }
            if (!TryCommit(batch) && batch.Count > 1)
            {
                // One of them may be to blame; the others need not suffer.
                foreach (var change in batch)
                {
                    TryCommit([change]);
                }
            }
            batch.Clear();
        }
    }

    [SuppressMessage(
        "Design",
        "CA1031",
        Justification = "The writer must live; who asked for the change gets the error."
    )]
    private bool TryCommit(List<IChange> batch)
    {
        try
        {
            _session.Execute("BEGIN IMMEDIATE");
            foreach (var change in batch)
            {
                change.Apply(_session);
            }
            _session.Execute("COMMIT");
        }
        catch (Exception error)
        {
            RollBack();
            if (batch.Count == 1)
            {
                batch[0].Fail(error is SqliteException failure ? _file.Explain(failure) : error);
            }
            return false;
        }
        foreach (var change in batch)
        {
            change.Complete();
        }
        return true;
    }

    private static TimeSpan Patience(List<IChange> batch, long start) =>
        batch.Exists(change => change.IsUrgent) ? TimeSpan.Zero : Leisure - Stopwatch.GetElapsedTime(start);

    private void RollBack()
    {
        try
        {
            _session.Execute("ROLLBACK");
        }
        catch (SqliteException)
        {
            // Some errors have rolled back already.
        }
    }

    private interface IChange
    {
        bool IsUrgent { get; }

        void Apply(SqliteSession session);

        void Complete();

        void Fail(Exception error);
    }

    private sealed class Change<TResult>(Func<SqliteSession, TResult> apply, bool isUrgent) : IChange
    {
        private readonly TaskCompletionSource<TResult> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private TResult _result = default!;

        public bool IsUrgent => isUrgent;

        public Task<TResult> Task => _done.Task;

        public void Apply(SqliteSession session) => _result = apply(session);

        public void Complete() => _done.SetResult(_result);

        public void Fail(Exception error) => _done.SetException(error);
    }
}
