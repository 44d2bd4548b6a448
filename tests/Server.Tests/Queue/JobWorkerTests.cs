using NodeHost.Graph.Execution;
using NodeHost.Queue;

namespace NodeHost.Tests.Server.Queue;

public sealed class JobWorkerTests : IDisposable
{
    private readonly QueueHarness _harness = new();

    public void Dispose() => _harness.Dispose();

    [Fact]
    public async Task Job_WithoutAnyTrouble_IsInHistoryBeforeItLeavesTheQueue()
    {
        await _harness.SubmitAsync("a");
        _harness.Work();
        var entry = await _harness.EndOfAsync("a");
        await QueueHarness.UntilAsync(() => _harness.Events.Lines.Contains("ended a"));
        Assert.Equal(
            ["status 1", "status 1", "execution_start", "execution_success", "status 0", "ended a"],
            _harness.Events.Lines
        );
        Assert.Equal("success", (string?)entry["status"]!["status_str"]);
    }

    [Fact]
    public async Task Job_WhoseRunnerThrows_FailsAloneAndSaysWhy()
    {
        _harness.Runner.Body = (request, _) =>
            request.PromptId == "bad" ? throw new InvalidOperationException("boom") : RunStatus.Succeeded;
        await _harness.SubmitAsync("bad", 1);
        await _harness.SubmitAsync("good", 2);
        _harness.Work();
        var entry = await _harness.EndOfAsync("bad");
        Assert.Equal("error", (string?)entry["status"]!["status_str"]);
        Assert.Contains("boom", entry["status"]!["messages"]!.ToString(), StringComparison.Ordinal);
        Assert.Equal("success", (string?)(await _harness.EndOfAsync("good"))["status"]!["status_str"]);
        Assert.Equal(JobState.Failed, (await _harness.Queue.JobAsync("bad"))!.Summary.State);
    }

    [Fact]
    public async Task Job_WithWatchersThatThrow_EndsAllTheSame()
    {
        await _harness.SubmitAsync("a");
        _harness.Events.Throws = true;
        _harness.Work();
        Assert.Equal("success", (string?)(await _harness.EndOfAsync("a"))["status"]!["status_str"]);
        _harness.Events.Throws = false;
        await _harness.SubmitAsync("b");
        await _harness.EndOfAsync("b");
    }

    [Fact]
    public async Task Job_OutOfMemoryOnce_IsRunAgainAfterFreeingAndNobodyHearsOfIt()
    {
        var runs = 0;
        _harness.Runner.RunsOutOfMemory = _ => runs++ == 0;
        await _harness.SubmitAsync("a");
        _harness.Work();
        Assert.Equal("success", (string?)(await _harness.EndOfAsync("a"))["status"]!["status_str"]);
        Assert.True(Assert.Single(_harness.Runner.Freed));
        Assert.DoesNotContain("execution_error", _harness.Events.Lines);
    }

    [Fact]
    public async Task Job_OutOfMemoryTwice_FailsAlone()
    {
        _harness.Runner.RunsOutOfMemory = request => request.PromptId == "big";
        await _harness.SubmitAsync("big", 1);
        await _harness.SubmitAsync("small", 2);
        _harness.Work();
        Assert.Equal("error", (string?)(await _harness.EndOfAsync("big"))["status"]!["status_str"]);
        Assert.Equal("success", (string?)(await _harness.EndOfAsync("small"))["status"]!["status_str"]);
        Assert.Single(_harness.Events.Lines, "execution_error");
        Assert.Equal(3, _harness.Runner.Requests.Count);
    }

    [Fact]
    public async Task Interrupt_ById_StopsThatJobOnly()
    {
        _harness.Runner.Body = WaitForInterruption;
        await _harness.SubmitAsync("a");
        _harness.Work();
        await QueueHarness.UntilAsync(() => !_harness.Runner.Requests.IsEmpty);
        Assert.False(_harness.Queue.Interrupt("other"));
        Assert.True(_harness.Queue.Interrupt("a"));
        var entry = await _harness.EndOfAsync("a");
        Assert.False((bool)entry["status"]!["completed"]!);
        Assert.Equal(JobState.Cancelled, (await _harness.Queue.JobAsync("a"))!.Summary.State);
        Assert.False(_harness.Queue.Interrupt());
    }

    [Fact]
    public async Task Interrupt_BetweenTakingAndStarting_IsNotLost()
    {
        await _harness.SubmitAsync("a");
        var job = _harness.Queue.Take()!;
        Assert.True(_harness.Queue.Interrupt());
        Assert.True(job.Interruption.IsCancellationRequested);
    }

    [Fact]
    public async Task Stop_WhileAJobRuns_RunsItAfterTheNextStartAsTheFirstAttempt()
    {
        _harness.Runner.Body = WaitForInterruption;
        await _harness.SubmitAsync("a");
        _harness.Work();
        await QueueHarness.UntilAsync(() => !_harness.Runner.Requests.IsEmpty);
        _harness.Reopen();
        _harness.Work();
        Assert.Equal("success", (string?)(await _harness.EndOfAsync("a"))["status"]!["status_str"]);
        Assert.Equal(1, (await _harness.Queue.JobAsync("a"))!.Summary.Attempts);
    }

    [Fact]
    public async Task Crash_WhileAJobRuns_RunsItOnceMoreAndThenFailsItWithTheReason()
    {
        await _harness.SubmitAsync("a");
        await CrashAsync();
        Assert.Equal("a", await _harness.PendingAsync());
        await CrashAsync();
        Assert.Equal(0, _harness.Queue.Remaining);
        var entry = await _harness.EndOfAsync("a");
        var message = Assert.Single(entry["status"]!["messages"]!);
        Assert.Equal("execution_error", (string?)message[0]);
        Assert.Contains("2 times", (string?)message[1]!["exception_message"], StringComparison.Ordinal);
        Assert.Equal(JobState.Failed, (await _harness.Queue.JobAsync("a"))!.Summary.State);
    }

    [Fact]
    public async Task Crash_WithThePolicyToFail_FailsTheJobAtOnce()
    {
        using var harness = new QueueHarness(RestartPolicy.Fail);
        await harness.SubmitAsync("a");
        harness.Store.Start(harness.Queue.Take()!.Key.Id, 1);
        harness.Reopen();
        var entry = await harness.EndOfAsync("a");
        Assert.Contains("--on-restart", entry["status"]!["messages"]!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task TwoWorkers_WithManyJobs_RunEachOnceAndTwoAtATime()
    {
        var running = 0;
        var most = 0;
        _harness.Runner.Body = (_, _) =>
        {
            InterlockedMax(ref most, Interlocked.Increment(ref running));
            Thread.Sleep(5);
            Interlocked.Decrement(ref running);
            return RunStatus.Succeeded;
        };
        await Task.WhenAll(Enumerable.Range(0, 40).Select(i => _harness.SubmitAsync($"{i}", i)));
        _harness.Work();
        _harness.Work();
        await QueueHarness.UntilAsync(() => _harness.Queue.Remaining == 0);
        Assert.Equal(40, _harness.Runner.Requests.Select(request => request.PromptId).Distinct().Count());
        Assert.Equal((40, 2), (_harness.Runner.Requests.Count, most));

        static void InterlockedMax(ref int target, int value)
        {
            for (var seen = target; value > seen; seen = target)
            {
                Interlocked.CompareExchange(ref target, value, seen);
            }
        }
    }

    [Fact]
    public async Task Free_WhenIdle_IsDoneAtOnceAndUnloadsAtLeast()
    {
        _harness.Work();
        _harness.Queue.Free(unloadModels: true, freeMemory: false);
        await QueueHarness.UntilAsync(() => _harness.Runner.Freed.Count == 1);
        _harness.Queue.Free(unloadModels: false, freeMemory: true);
        await QueueHarness.UntilAsync(() => _harness.Runner.Freed.Count == 2);
        Assert.Equal([false, true], _harness.Runner.Freed);
        _harness.Queue.Free(unloadModels: false, freeMemory: false);
        await Task.Delay(50);
        Assert.Equal(2, _harness.Runner.Freed.Count);
    }

    private static RunStatus WaitForInterruption(RunRequest request, CancellationToken interruption) =>
        interruption.WaitHandle.WaitOne(TimeSpan.FromSeconds(20)) ? RunStatus.Interrupted : RunStatus.Failed;

    /// <summary>The process ends while the only job is running.</summary>
    private async Task CrashAsync()
    {
        _harness.Store.Start(_harness.Queue.Take()!.Key.Id, 1);
        _harness.Reopen();
    }
}
