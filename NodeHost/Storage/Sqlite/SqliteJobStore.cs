using Microsoft.Data.Sqlite;
using NodeHost.Queue;

namespace NodeHost.Storage.Sqlite;

/// <summary>Jobs in one SQLite file beside its write-ahead log.</summary>
internal sealed class SqliteJobStore : IJobStore
{
    private const int EntriesPerRead = 64;

    private readonly JobRetention _retention;
    private readonly SqliteFile _file;
    private readonly SqliteReaders _readers;
    private readonly SqliteWriter _writer;

    private SqliteJobStore(SqliteFile file, SqliteSession writer, JobRetention retention)
    {
        (_file, _retention) = (file, retention);
        _readers = new(file);
        _writer = new(file, writer);
    }

    /// <exception cref="JobStoreException">The file is damaged, held by another process, too new, or not writable.</exception>
    public static SqliteJobStore Open(string path, JobRetention? retention = null)
    {
        var file = SqliteFile.Claim(path);
        SqliteSession? session = null;
        try
        {
            session = file.Open(isWriter: true);
            // FULL: what was answered survives the machine's end too, not only the process's.
            JobSchema.Execute(
                session.Connection,
                """
                PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
                PRAGMA secure_delete = FAST; PRAGMA cache_size = -16384; PRAGMA recursive_triggers = OFF;
                """
            );
            JobSchema.Migrate(session.Connection, file.Path);
            return new(file, session, retention ?? new());
        }
        catch (Exception error)
        {
            session?.Dispose();
            file.Dispose();
            throw error is SqliteException failure ? file.Explain(failure) : error;
        }
    }

    public StoredQueue Load() =>
        _readers.Read(session =>
        {
            List<(JobKey Key, int Attempts)> InState(JobState state) =>
                session.Query(
                    "SELECT id, prompt_id, number, attempts FROM jobs WHERE state = ?1 ORDER BY number, prompt_id",
                    reader =>
                        (new JobKey(reader.GetInt64(0), reader.GetString(1), reader.GetDouble(2)), reader.GetInt32(3)),
                    (int)state
                );
            return new StoredQueue(
                [.. InState(JobState.Pending).Select(job => job.Key)],
                InState(JobState.Running),
                session.Number("SELECT value FROM settings WHERE name = 'is_paused'") == 1
            );
        });

    public long ReserveNumbers(long count) =>
        _writer
            .RunAsync(session =>
            {
                var first = session.Number("SELECT value FROM settings WHERE name = 'next_number'") ?? 0;
                Set(session, "next_number", first + count);
                return first;
            })
            .GetAwaiter()
            .GetResult();

    public void ReturnNumbers(long next) =>
        _writer.RunAsync(session => Set(session, "next_number", next)).GetAwaiter().GetResult();

    public Task<AddResult> AddAsync(NewJob job) => _writer.RunAsync(session => session.Add(job));

    public Task RemoveAsync(IReadOnlyCollection<long> ids) =>
        _writer.RunAsync(session =>
        {
            foreach (var id in ids)
            {
                session.Remove(id);
            }
        });

    public Task RenumberAsync(long id, double number, string numberJson) =>
        _writer.RunAsync(session =>
        {
            session.Execute("UPDATE jobs SET number = ?2, number_json = ?3 WHERE id = ?1", id, number, numberJson);
        });

    public Task SetPausedAsync(bool isPaused) =>
        _writer.RunAsync(session => Set(session, "is_paused", isPaused ? 1 : 0));

    public StoredJob Start(long id, long time)
    {
        var job = _readers.Read(session => session.StoredJob(id));
        _writer.RunSoon(session => session.Start(id, time));
        return job;
    }

    public Task RequeueAsync(long id, bool countAttempt) =>
        _writer.RunAsync(session => session.Requeue(id, countAttempt));

    public Task FinishAsync(long id, JobOutcome outcome) =>
        _writer.RunAsync(session => session.Finish(id, outcome, _retention));

    public Task DeleteHistoryAsync(IReadOnlyCollection<string> promptIds) =>
        _writer.RunAsync(session =>
        {
            foreach (var promptId in promptIds)
            {
                session.DeleteHistory(promptId);
            }
        });

    public async Task ClearHistoryAsync()
    {
        // In bites, so that new jobs need not wait for the end of a long history.
        var last = await _writer.RunAsync(session => session.PositionFromNewest(0) ?? 0).ConfigureAwait(false);
        while (await _writer.RunAsync(session => session.ClearHistory(last)).ConfigureAwait(false)) { }
    }

    public Task SettleWebhookAsync(string promptId) =>
        _writer.RunAsync(session =>
        {
            session.Execute("DELETE FROM webhooks WHERE id = (SELECT id FROM jobs WHERE prompt_id = ?1)", promptId);
        });

    public IReadOnlyList<ReadOnlyMemory<byte>> QueueRows(IReadOnlyCollection<long> ids) =>
        ids.Count == 0
            ? []
            : _readers.Read(session =>
            {
                var rows = new List<ReadOnlyMemory<byte>>(ids.Count);
                foreach (var id in ids)
                {
                    if (session.QueueRow(id) is { } row)
                    {
                        rows.Add(row);
                    }
                }
                return rows;
            });

    public IEnumerable<HistoryEntry> History(int? maxItems, int offset)
    {
        var left = maxItems ?? int.MaxValue;
        if (left <= 0)
        {
            yield break;
        }
        var (next, last) = _readers.Read(session =>
            (FirstPosition(session, maxItems, offset), session.PositionFromNewest(0))
        );
        while (next is { } first && left > 0)
        {
            // A read at a time: a slow client must not hold the log from being written back.
            var page = _readers.Read(session =>
                session.HistoryPage(first, last!.Value, Math.Min(EntriesPerRead, left))
            );
            foreach (var (entry, _) in page)
            {
                yield return entry;
            }
            left -= page.Count;
            next = page.Count == 0 ? null : page[^1].Position + 1;
        }
    }

    public HistoryEntry? History(string promptId) => _readers.Read(session => session.HistoryEntry(promptId));

    public JobPage Jobs(JobQuery query) => _readers.Read(session => session.Jobs(query));

    public JobDetails? Job(string promptId) => _readers.Read(session => session.Job(promptId));

    public ReadOnlyMemory<byte>? CacheExplanation(string promptId) =>
        _readers.Read(session =>
            session.Find<ReadOnlyMemory<byte>?>(
                "SELECT o.cache_explanation FROM jobs j JOIN outcomes o ON o.id = j.id WHERE j.prompt_id = ?1",
                reader => reader.JsonOrNull(0) is { } json ? json : null,
                promptId
            )
        );

    public IReadOnlyList<string> TemporaryFiles() =>
        _readers.Read(session =>
            session.Query(
                """
                SELECT item.value ->> 'subfolder', item.value ->> 'filename'
                FROM outcomes o, json_tree(CAST(o.outputs AS TEXT)) item
                WHERE item.type = 'object' AND item.value ->> 'type' = 'temp'
                """,
                reader => Path.Combine(reader.TextOrNull(0) ?? "", reader.TextOrNull(1) ?? "")
            )
        );

    public IReadOnlyList<WebhookCall> OwedWebhooks(int limit) =>
        _readers.Read(session =>
            session.Query(
                """
                SELECT j.prompt_id, w.webhook FROM webhooks w JOIN jobs j ON j.id = w.id
                WHERE w.is_owed ORDER BY w.id LIMIT ?1
                """,
                reader => new WebhookCall(reader.GetString(0), reader.Json(1)),
                limit
            )
        );

    public void Dispose()
    {
        _writer.Dispose();
        _readers.Dispose();
        _file.Dispose();
    }

    private static long? FirstPosition(SqliteSession session, int? maxItems, int offset) =>
        offset >= 0 ? session.PositionFromOldest(offset)
        : maxItems is { } most ? session.PositionFromNewest(most - 1) ?? session.PositionFromOldest(0)
        : session.PositionFromOldest(0);

    private static void Set(SqliteSession session, string name, long value) =>
        session.Execute(
            "INSERT INTO settings(name, value) VALUES (?1, ?2) ON CONFLICT(name) DO UPDATE SET value = ?2",
            name,
            value
        );
}
