using System.Diagnostics;
using System.Text;
using NodeHost.Queue;
using NodeHost.Storage;
using NodeHost.Storage.Sqlite;

namespace NodeHost.Benchmarks.Queue;

/// <summary>The job store alone: jobs taken in by many at once, run through one by one, and a long history read.</summary>
internal sealed class StoreBenchmark : IBenchmark
{
    private const int Clients = 50;
    private const int JobsPerClient = 200;
    private const int LongHistory = 100_000;

    // About what a text-to-image workflow takes.
    private static readonly byte[] Prompt = Encoding.UTF8.GetBytes($"{{\"1\":\"{new string('x', 2000)}\"}}");

    public string Name => "store";

    public string Description =>
        "the job store: accepted per second, through the queue per second, a page of a long history";

    public IEnumerable<Measurement> Run()
    {
        var folder = Directory.CreateTempSubdirectory("nodehost-bench-");
        try
        {
            using var store = SqliteJobStore.Open(
                Path.Combine(folder.FullName, "nodehost.db"),
                new JobRetention(Entries: LongHistory)
            );
            foreach (var measurement in Accept(store).Concat(Finish(store)).Concat(ReadHistory(store)))
            {
                yield return measurement;
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static IEnumerable<Measurement> Accept(SqliteJobStore store)
    {
        var start = Stopwatch.GetTimestamp();
        var milliseconds = Task.WhenAll(
                Enumerable.Range(0, Clients).Select(client => Task.Run(() => SubmitAsync(store, client)))
            )
            .GetAwaiter()
            .GetResult()
            .SelectMany(times => times)
            .Order()
            .ToArray();
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        yield return new Measurement($"accepted, {Clients} clients", milliseconds.Length / seconds, "1/s")
        {
            Against = "aim of the server: 2,200",
        };
        yield return new Measurement("accepted, p50", milliseconds[milliseconds.Length / 2], "ms");
        yield return new Measurement("accepted, p99", milliseconds[milliseconds.Length * 99 / 100], "ms")
        {
            Against = "aim of the server: 50",
        };
    }

    private static async Task<List<double>> SubmitAsync(SqliteJobStore store, int client)
    {
        var times = new List<double>();
        for (var job = 0; job < JobsPerClient; job++)
        {
            var start = Stopwatch.GetTimestamp();
            await store.AddAsync(Job($"{client}-{job}"));
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }
        return times;
    }

    private static IEnumerable<Measurement> Finish(SqliteJobStore store)
    {
        const int jobs = 2000;
        var pending = store.Load().Pending.Take(jobs).ToArray();
        var start = Stopwatch.GetTimestamp();
        foreach (var job in pending)
        {
            store.Start(job.Id, 0);
            store.FinishAsync(job.Id, Outcome).GetAwaiter().GetResult();
        }
        yield return new Measurement(
            "started and ended, one by one",
            jobs / Stopwatch.GetElapsedTime(start).TotalSeconds,
            "1/s"
        )
        {
            Against = "aim of the server: 900",
        };
    }

    private static IEnumerable<Measurement> ReadHistory(SqliteJobStore store)
    {
        Task.WhenAll(Enumerable.Range(0, LongHistory).Select(job => EndAsync(store, $"h{job}")))
            .GetAwaiter()
            .GetResult();
        double Page(int? maxItems, int offset) =>
            Timing.Of(() => _ = store.History(maxItems, offset).Count(), 21).Median * 1000;
        yield return new Measurement("newest 64 of 100,000", Page(64, -1), "ms");
        yield return new Measurement("64 from the middle", Page(64, LongHistory / 2), "ms");
        yield return new Measurement(
            "50 jobs by duration",
            Timing.Of(() => store.Jobs(new() { Limit = 50, ByDuration = true }), 21).Median * 1000,
            "ms"
        );
        yield return new Measurement(
            "50 jobs from the middle",
            Timing.Of(() => store.Jobs(new() { Limit = 50, Offset = LongHistory / 2 }), 21).Median * 1000,
            "ms"
        );
        var start = Stopwatch.GetTimestamp();
        store.ClearHistoryAsync().GetAwaiter().GetResult();
        yield return new Measurement("cleared 100,000", Stopwatch.GetElapsedTime(start).TotalSeconds, "s");
    }

    private static async Task EndAsync(SqliteJobStore store, string promptId)
    {
        var added = await store.AddAsync(Job(promptId)).ConfigureAwait(false);
        store.Start(added.Id, 0);
        await store.FinishAsync(added.Id, Outcome).ConfigureAwait(false);
    }

    private static NewJob Job(string promptId) =>
        new()
        {
            PromptId = promptId,
            Number = 0,
            NumberJson = "0",
            CreateTime = 0,
            Prompt = Prompt,
            ExtraData = "{}"u8.ToArray(),
            Outputs = "[]"u8.ToArray(),
        };

    private static JobOutcome Outcome { get; } =
        new()
        {
            State = JobState.Completed,
            StartTime = 0,
            EndTime = 1,
            Outputs = "{}"u8.ToArray(),
            Status = Prompt[..500],
            Meta = "{}"u8.ToArray(),
        };
}
