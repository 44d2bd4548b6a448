using Newtonsoft.Json.Linq;
using NodeHost.Queue;

namespace NodeHost.Tests.Server.Queue;

public sealed class JobQueueTests : IDisposable
{
    private readonly QueueHarness _harness = new();

    private JobQueue Queue => _harness.Queue;

    public void Dispose() => _harness.Dispose();

    [Fact]
    public void TakeNumber_OverManyBlocksAndAReopening_CountsFromZeroWithoutGaps()
    {
        Assert.Equal(
            Enumerable.Range(0, 700).Select(i => (long)i),
            Enumerable.Range(0, 700).Select(_ => Queue.TakeNumber())
        );
        _harness.Reopen();
        Assert.Equal(700, Queue.TakeNumber());
    }

    [Fact]
    public async Task Snapshot_AsRecordedFromComfyUi_IsInTheOrderOfItsHeap()
    {
        await SubmitAsync(("a1", 1), ("a2", -2), ("a3", 0.5));
        Assert.Equal("a2 a1 a3", await _harness.PendingAsync());
        await Queue.DeletePendingAsync(["a1"]);
        Assert.Equal("a2 a3", await _harness.PendingAsync());
    }

    [Fact]
    public async Task Snapshot_OfManyInRandomOrder_HasHeapOrderAndTakesSorted()
    {
        var numbers = Enumerable.Range(0, 100).Select(i => (double)(i * 37 % 101)).ToArray();
        await SubmitAsync([.. numbers.Select(number => ($"{number}", number))]);
        var taken = Enumerable.Range(0, 100).Select(_ => Queue.Take()!.Key.Number).ToArray();
        Assert.Equal(numbers.Order(), taken);
        Assert.Null(Queue.Take());
    }

    [Fact]
    public async Task Submit_NumberOfAClient_IsWrittenAsItCame()
    {
        await Queue.SubmitAsync(QueueHarness.Submission("real", 5));
        await Queue.SubmitAsync(QueueHarness.Submission("whole") with { Number = new JValue(5L) });
        var rows = (await Queue.SnapshotAsync()).Pending.Select(row => System.Text.Encoding.UTF8.GetString(row.Span));
        Assert.Equal(["[5.0,", "[5,\"w"], rows.Select(row => row[..5]));
    }

    [Fact]
    public async Task Submit_WithSecrets_ShowsThemNowhere()
    {
        var submission = QueueHarness.Submission("a") with
        {
            ExtraData = new JObject
            {
                ["api_key_comfy_org"] = "hush",
                ["auth_token_comfy_org"] = "hush",
                ["client_id"] = "me",
            },
        };
        _harness.Runner.Body = (request, _) =>
        {
            Assert.Equal("hush", (string?)request.Secrets["api_key_comfy_org"]);
            return Graph.Execution.RunStatus.Succeeded;
        };
        await Queue.SubmitAsync(submission);
        var row = (await Queue.SnapshotAsync()).Pending.Single();
        Assert.DoesNotContain("hush", System.Text.Encoding.UTF8.GetString(row.Span), StringComparison.Ordinal);
        _harness.Work();
        var entry = await _harness.EndOfAsync("a");
        Assert.DoesNotContain("hush", entry.ToString(), StringComparison.Ordinal);
        Assert.Equal("success", (string?)entry["status"]!["status_str"]);
        Assert.Contains("execution_success to me", _harness.Events.Lines);
    }

    [Fact]
    public async Task DeletePending_TheLastOne_TellsTwice()
    {
        await SubmitAsync(("a", 1), ("b", 2));
        Assert.Equal(2, await Queue.DeletePendingAsync(["a", "unknown", "b"]));
        Assert.Equal(["status 1", "status 2", "status 1", "status 0", "status 0"], _harness.Events.Lines);
        _harness.Reopen();
        Assert.Equal(0, Queue.Remaining);
    }

    [Fact]
    public async Task ClearPending_WithARunningJob_LeavesThatOne()
    {
        await SubmitAsync(("a", 1), ("b", 2), ("c", 3));
        Assert.Equal("a", Queue.Take()!.Key.PromptId);
        Assert.Equal(2, await Queue.ClearPendingAsync());
        Assert.Equal(1, Queue.Remaining);
        Assert.Equal("a", Assert.Single(Queue.Running).PromptId);
    }

    [Theory]
    [InlineData("front", "c a b")]
    [InlineData("back", "a b c")]
    [InlineData("a", "c a b")]
    [InlineData("b", "a c b")]
    public async Task Move_PendingJob_RunsWhereItWasPut(string place, string expected)
    {
        await SubmitAsync(("a", 1), ("b", 2), ("c", 3));
        var target = place switch
        {
            "front" => QueuePlace.Front,
            "back" => QueuePlace.Back,
            _ => QueuePlace.InFrontOf(place),
        };
        Assert.True(await Queue.MoveAsync("c", target));
        _harness.Reopen();
        Assert.Equal(expected, string.Join(' ', Enumerable.Range(0, 3).Select(_ => Queue.Take()!.Key.PromptId)));
    }

    [Fact]
    public async Task Move_BetweenEqualNumbers_GivesAllNewOnes()
    {
        await SubmitAsync(("a", 1), ("b", 1), ("c", 1), ("d", 1));
        Assert.True(await Queue.MoveAsync("d", QueuePlace.InFrontOf("b")));
        Assert.Equal("a d b c", string.Join(' ', Enumerable.Range(0, 4).Select(_ => Queue.Take()!.Key.PromptId)));
    }

    [Fact]
    public async Task Move_UnknownJobOrPlace_ChangesNothing()
    {
        await SubmitAsync(("a", 1));
        Assert.False(await Queue.MoveAsync("x", QueuePlace.Front));
        Assert.False(await Queue.MoveAsync("a", QueuePlace.InFrontOf("x")));
    }

    [Fact]
    public async Task Wait_ForAJobThatIsTakenBack_EndsWithoutAnEntry()
    {
        await SubmitAsync(("a", 1));
        var end = Queue.WaitAsync("a");
        Assert.False(end.IsCompleted);
        await Queue.CancelAsync(["a"]);
        Assert.Null(await end.WaitAsync(TimeSpan.FromSeconds(10)));
        Assert.Null(await Queue.WaitAsync("unknown"));
    }

    [Fact]
    public async Task Pause_OverARestart_StaysUntilResume()
    {
        await Queue.PauseAsync();
        await SubmitAsync(("a", 1));
        _harness.Reopen();
        Assert.True(Queue.IsPaused);
        _harness.Work();
        await Task.Delay(100);
        Assert.Empty(_harness.Runner.Requests);
        await Queue.ResumeAsync();
        await _harness.EndOfAsync("a");
    }

    private async Task SubmitAsync(params (string Id, double Number)[] jobs)
    {
        foreach (var (id, number) in jobs)
        {
            Assert.True((await _harness.SubmitAsync(id, number)).IsAccepted);
        }
    }
}
