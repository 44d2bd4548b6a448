using NodeHost.Queue;
using NodeHost.Storage;
using NodeHost.Storage.Sqlite;
using static NodeHost.Tests.Server.Storage.StoredJobs;

namespace NodeHost.Tests.Server.Storage;

public sealed class SqliteJobStoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string File => _folder.File("user/nodehost.db");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Load_AfterReopening_GivesPendingInOrderAndRunningWithAttempts()
    {
        using (var store = Open())
        {
            await store.AddAsync(Job("late", 5));
            await store.AddAsync(Job("early", -1));
            var running = await store.AddAsync(Job("running", 0));
            store.Start(running.Id, 1);
            await store.SetPausedAsync(true);
        }
        using var again = Open();
        var queue = again.Load();
        Assert.Equal(["early", "late"], queue.Pending.Select(job => job.PromptId));
        var interrupted = Assert.Single(queue.Interrupted);
        Assert.Equal(("running", 1), (interrupted.Key.PromptId, interrupted.Attempts));
        Assert.True(queue.IsPaused);
    }

    [Fact]
    public async Task Add_IdThatIsThere_NamesTheStateItIsIn()
    {
        using var store = Open();
        var first = await store.AddAsync(Job("a"));
        Assert.Equal(JobState.Pending, (await store.AddAsync(Job("a"))).Conflict);
        store.Start(first.Id, 1);
        Assert.Equal(JobState.Running, (await store.AddAsync(Job("a"))).Conflict);
        await store.FinishAsync(first.Id, Outcome(JobState.Failed));
        Assert.Equal(JobState.Failed, (await store.AddAsync(Job("a"))).Conflict);
        await store.DeleteHistoryAsync(["a"]);
        Assert.Null((await store.AddAsync(Job("a"))).Conflict);
    }

    [Fact]
    public async Task Add_ManyAtOnceWithOneIdTwice_TakesEachIdOnce()
    {
        using var store = Open();
        var results = await Task.WhenAll(Enumerable.Range(0, 500).Select(i => store.AddAsync(Job($"{i % 400}"))));
        Assert.Equal(400, results.Count(result => result.Conflict is null));
        Assert.Equal(400, store.Load().Pending.Count);
    }

    [Fact]
    public void ReserveNumbers_AfterReopening_NeverRepeats()
    {
        using (var store = Open())
        {
            Assert.Equal(0, store.ReserveNumbers(10));
            Assert.Equal(10, store.ReserveNumbers(10));
            store.ReturnNumbers(12);
        }
        using var again = Open();
        Assert.Equal(12, again.ReserveNumbers(1));
    }

    [Fact]
    public async Task History_EntryAndRow_AreTheJsonThatWentIn()
    {
        using var store = Open();
        var id = await store.FinishedAsync(Job("x\"y", 0.5), Outcome(outputs: """{"1":{"text":["é"]}}"""));
        var entry = Assert.Single(store.History(null, -1));
        Assert.Equal("x\"y", entry.PromptId);
        Assert.Equal(
            """{"prompt":[0.5,"x\"y",{"1":{"class_type":"é"}},{},["1"]],"outputs":{"1":{"text":["é"]}},"status":{"status_str":"success"},"meta":{}}""",
            Text(entry.Json)
        );
        Assert.Equal("""[0.5,"x\"y",{"1":{"class_type":"é"}},{},["1"]]""", Text(Assert.Single(store.QueueRows([id]))));
        Assert.Equal(Text(entry.Json), Text(store.History("x\"y")!.Json));
        Assert.Null(store.History("unknown"));
    }

    [Theory]
    [InlineData(null, -1, "0 1 2 3 4")]
    [InlineData(2, -1, "3 4")]
    [InlineData(9, -1, "0 1 2 3 4")]
    [InlineData(2, 1, "1 2")]
    [InlineData(null, 3, "3 4")]
    [InlineData(2, 9, "")]
    [InlineData(0, -1, "")]
    public async Task History_Window_IsComfyUis(int? maxItems, int offset, string expected)
    {
        using var store = Open();
        for (var i = 0; i < 5; i++)
        {
            await store.FinishedAsync(Job($"{i}"));
        }
        Assert.Equal(expected, string.Join(' ', store.History(maxItems, offset).Select(entry => entry.PromptId)));
    }

    [Fact]
    public async Task History_LongerThanARead_IsWhole()
    {
        using var store = Open();
        await Task.WhenAll(Enumerable.Range(0, 200).Select(i => store.FinishedAsync(Job($"{i}"))));
        await store.DeleteHistoryAsync(["7", "100"]);
        Assert.Equal(198, store.History(null, -1).Select(entry => entry.PromptId).Distinct().Count());
        await store.ClearHistoryAsync();
        Assert.Empty(store.History(null, -1));
        Assert.Equal(0, store.Jobs(new()).Total);
    }

    [Fact]
    public async Task Finish_MoreEntriesThanAreKept_DropsTheOldest()
    {
        using var store = Open(new(Entries: 3));
        for (var i = 0; i < 5; i++)
        {
            await store.FinishedAsync(Job($"{i}"));
        }
        Assert.Equal(["2", "3", "4"], store.History(null, -1).Select(entry => entry.PromptId));
        Assert.Null(store.Job("0"));
    }

    [Fact]
    public async Task Finish_MoreBytesThanAreKept_DropsTheOldestAndKeepsTheNewest()
    {
        using var store = Open(new(Bytes: 3000));
        var large = Outcome(outputs: $"\"{new string('x', 1200)}\"");
        for (var i = 0; i < 4; i++)
        {
            await store.FinishedAsync(Job($"{i}"), large);
        }
        Assert.Equal(["2", "3"], store.History(null, -1).Select(entry => entry.PromptId));
        await store.FinishedAsync(Job("huge"), Outcome(outputs: $"\"{new string('x', 9000)}\""));
        Assert.Equal(["huge"], store.History(null, -1).Select(entry => entry.PromptId));
    }

    [Fact]
    public async Task Finish_Twice_ChangesNothing()
    {
        using var store = Open();
        var id = await store.FinishedAsync(Job("a"));
        await store.FinishAsync(id, Outcome(JobState.Failed));
        Assert.Equal(JobState.Completed, store.Job("a")!.Summary.State);
    }

    [Fact]
    public async Task Start_WithSecrets_GivesThemToTheWorkerAndKeepsThemNoLongerThanTheJob()
    {
        using var store = Open();
        var added = await store.AddAsync(
            Job("a") with
            {
                Secrets = "{\"api_key_comfy_org\":\"very secret\"}"u8.ToArray(),
            }
        );
        Assert.Contains("very secret", Text(store.Start(added.Id, 1).Secrets));
        await store.FinishAsync(added.Id, Outcome());
        Assert.DoesNotContain("very secret", Text(store.History("a")!.Json), StringComparison.Ordinal);
        await store.RequeueAsync(added.Id, countAttempt: true);
        Assert.Null(store.Start(added.Id, 1).Secrets);
    }

    [Fact]
    public async Task Jobs_FilteredSortedAndPaged_FitTheQuestion()
    {
        using var store = Open();
        await store.FinishedAsync(Job("slow", workflowId: "w", createTime: 1), Outcome(duration: 90));
        await store.FinishedAsync(Job("fast", createTime: 2), Outcome(duration: 5));
        await store.FinishedAsync(Job("failed", workflowId: "w", createTime: 3), Outcome(JobState.Failed, 50));
        await store.AddAsync(Job("waiting", workflowId: "w", createTime: 4));

        string Ids(JobQuery query) => string.Join(' ', store.Jobs(query).Jobs.Select(job => job.PromptId));
        Assert.Equal("waiting failed fast slow", Ids(new()));
        Assert.Equal("slow fast failed waiting", Ids(new() { Ascending = true }));
        Assert.Equal("slow fast", Ids(new() { States = [JobState.Completed], ByDuration = true }));
        Assert.Equal("waiting failed slow", Ids(new() { WorkflowId = "w" }));
        Assert.Equal("failed fast", Ids(new() { Limit = 2, Offset = 1 }));
        var page = store.Jobs(new() { Limit = 2, Offset = 1 });
        Assert.Equal((4, true), (page.Total, page.HasMore));
        Assert.False(store.Jobs(new() { Limit = 2, Offset = 2 }).HasMore);
        Assert.Equal(3, store.Jobs(new() { WorkflowId = "w", Limit = 1 }).Total);
    }

    [Fact]
    public async Task OwedWebhooks_BeforeAndAfterTheEnd_NamesItUntilItIsSettled()
    {
        using var store = Open();
        var added = await store.AddAsync(Job("a") with { Webhook = "{}"u8.ToArray() });
        Assert.Empty(store.OwedWebhooks(10));
        store.Start(added.Id, 1);
        await store.FinishAsync(added.Id, Outcome());
        Assert.Equal("a", Assert.Single(store.OwedWebhooks(10)).PromptId);
        await store.SettleWebhookAsync("a");
        Assert.Empty(store.OwedWebhooks(10));
    }

    [Fact]
    public void Open_FileInUse_SaysSoAndWhatHelps()
    {
        using var store = Open();
        var error = Assert.Throws<JobStoreException>(() => Open());
        Assert.Contains(File, error.Message, StringComparison.Ordinal);
        Assert.Contains("another NodeHost", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_DamagedFile_SaysSoAndWhatHelps()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(File)!);
        System.IO.File.WriteAllText(File, new string('x', 5000));
        var error = Assert.Throws<JobStoreException>(() => Open());
        Assert.Contains(File, error.Message, StringComparison.Ordinal);
        Assert.Contains("Move it", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_FileOfANewerVersion_IsLeftAlone()
    {
        using (var store = Open()) { }
        using (var session = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={File};Pooling=False"))
        {
            session.Open();
            JobSchema.Execute(session, "PRAGMA user_version = 99");
        }
        Assert.Contains("version 99", Assert.Throws<JobStoreException>(() => Open()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_NewFile_IsForItsOwnerOnly()
    {
        using var store = Open();
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(File));
        }
    }

    private SqliteJobStore Open(JobRetention? retention = null) => SqliteJobStore.Open(File, retention);
}
