using Microsoft.Extensions.Logging.Abstractions;
using Newtonsoft.Json.Linq;
using NodeHost.Queue;
using NodeHost.Storage.Sqlite;

namespace NodeHost.Tests.Server.Queue;

/// <summary>A queue over a database of its own, with a worker when one is asked for.</summary>
internal sealed class QueueHarness : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly RestartPolicy _policy;
    private readonly List<JobWorker> _workers = [];

    public QueueHarness(RestartPolicy policy = RestartPolicy.Retry)
    {
        _policy = policy;
        Open();
    }

    public EventLog Events { get; private set; } = null!;

    public FakeRunner Runner { get; private set; } = null!;

    public SqliteJobStore Store { get; private set; } = null!;

    public JobQueue Queue { get; private set; } = null!;

    public static JobSubmission Submission(string promptId, double number = 0) =>
        new(promptId, new JValue(number), new JObject { ["1"] = new JObject { ["class_type"] = "Test" } }, ["1"]);

    /// <summary>Adds a worker.</summary>
    public void Work() => _workers.Add(new(Queue, Store, Runner, Events, NullLogger.Instance));

    public Task<SubmitResult> SubmitAsync(string promptId, double number = 0) =>
        Queue.SubmitAsync(Submission(promptId, number));

    public async Task<JObject> EndOfAsync(string promptId)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var entry = await Queue.WaitAsync(promptId, patience.Token);
        return JObject.Parse(System.Text.Encoding.UTF8.GetString(entry!.Json.Span));
    }

    public async Task<string> PendingAsync() =>
        string.Join(
            ' ',
            (await Queue.SnapshotAsync()).Pending.Select(row =>
                (string)JArray.Parse(System.Text.Encoding.UTF8.GetString(row.Span))[1]!
            )
        );

    /// <summary>As after a stop and a start; a crash is what a job leaves that was taken and not ended.</summary>
    public void Reopen()
    {
        Close();
        Open();
    }

    public static async Task UntilAsync(Func<bool> condition)
    {
        for (var attempt = 0; attempt < 1000; attempt++)
        {
            if (condition())
            {
                return;
            }
            await Task.Delay(10);
        }
        Assert.Fail("It did not happen within 10 seconds.");
    }

    public void Dispose()
    {
        Close();
        _folder.Dispose();
    }

    private void Open()
    {
        Events = new();
        Runner = new();
        Store = SqliteJobStore.Open(_folder.File("nodehost.db"));
        Queue = new(Store, Events, _policy);
    }

    private void Close()
    {
        foreach (var worker in _workers)
        {
            worker.Dispose();
        }
        _workers.Clear();
        Queue.Dispose();
        Store.Dispose();
    }
}
