using System.Diagnostics;
using NodeHost.Graph.Execution;

namespace NodeHost.Graph.Tests.Execution;

public sealed class AsyncNodeTests : IDisposable
{
    private readonly ExecutorHarness _harness = new();

    public void Dispose() => _harness.Dispose();

    [Fact]
    public async Task Run_SleepingNodes_Overlap()
    {
        var prompt = new TestPrompt();
        _harness.World.Sleepers = 3;
        var naps = Enumerable.Range(1, 3).Select(value => Nap(prompt, value, 0)).ToArray();
        var sum = prompt.Add("Add", ("a", naps[0]), ("b", naps[1]));
        prompt.AddAs("out", "Show", ("value", prompt.Add("Add", ("a", sum), ("b", naps[2]))));

        Assert.Equal(["6"], await _harness.ShowAsync(prompt));
    }

    [Fact]
    public async Task Run_ListCallsOfOneSleepingNode_Overlap()
    {
        var prompt = new TestPrompt();
        _harness.World.Sleepers = 4;
        var list = prompt.Add("ListOf", ("count", 4));
        var nap = prompt.Add("Sleep", ("value", list), ("milliseconds", 0), ("fails", false));
        prompt.AddAs("out", "Show", ("value", nap));

        Assert.Equal(["1", "2", "3", "4"], await _harness.ShowAsync(prompt));
    }

    [Fact]
    public async Task Run_SleepingNodesInExpansion_Overlap()
    {
        _harness.World.Sleepers = 3;
        var prompt = new TestPrompt();
        prompt.AddAs("out", "Show", ("value", prompt.Add("ExpandsBadly", ("how", "sleep"))));

        Assert.Equal(["3"], await _harness.ShowAsync(prompt));
    }

    [Fact]
    public async Task Run_OtherNodesWhileOneSleeps_Interleave()
    {
        var prompt = new TestPrompt();
        var nap = prompt.AddAs("nap", "Sleep", ("value", 1), ("milliseconds", 200), ("fails", false));
        prompt.AddAs("out", "Show", ("value", nap));
        prompt.AddAs("other", "Show", ("value", prompt.AddAs("quick", "Number", ("value", 2))));

        await _harness.RunAsync(prompt);

        Assert.Equal(
            "start; cached; run nap; go nap; run quick; go quick; done quick; run other; go other; show other; "
                + "done other; done nap; run out; go out; show out; done out; success",
            _harness.Events.Story
        );
    }

    [Fact]
    public async Task Run_SleepingNodeFails_EndsTheRunAndAbandonsTheOthers()
    {
        var prompt = new TestPrompt();
        prompt.AddAs("out", "Show", ("value", Nap(prompt, 1, 30_000)));
        prompt.AddAs(
            "bad",
            "Show",
            ("value", prompt.AddAs("fails", "Sleep", ("value", 1), ("milliseconds", 20), ("fails", true)))
        );

        var watch = Stopwatch.StartNew();
        var result = await _harness.RunAsync(prompt);

        Assert.Equal(RunStatus.Failed, result.Status);
        Assert.Equal(("fails", "System.TimeoutException"), (result.Error!.NodeId, result.Error.ExceptionType));
        Assert.Equal(
            """{"value":[1],"milliseconds":[20],"fails":[true]}""",
            result.Error.CurrentInputs.ToString(Newtonsoft.Json.Formatting.None)
        );
        Assert.True(watch.ElapsedMilliseconds < 5000);
    }

    [Fact]
    public async Task Run_SleepingNodeAgain_IsCached()
    {
        var prompt = new TestPrompt();
        prompt.AddAs("out", "Show", ("value", Nap(prompt, 1, 20)));
        await _harness.ShowAsync(prompt);

        await _harness.ShowAsync(prompt);

        Assert.Empty(_harness.Events.Started);
    }

    [Fact]
    public async Task Run_InterruptWhileEverybodySleeps_EndsAtOnce()
    {
        var prompt = new TestPrompt();
        prompt.AddAs("out", "Show", ("value", Nap(prompt, 1, 30_000)));
        using var interrupt = new CancellationTokenSource(100);

        var watch = Stopwatch.StartNew();
        var result = await _harness.RunAsync(prompt, cancellationToken: interrupt.Token);

        Assert.Equal(RunStatus.Interrupted, result.Status);
        Assert.True(watch.ElapsedMilliseconds < 5000);
    }

    private static Newtonsoft.Json.Linq.JArray Nap(TestPrompt prompt, int value, int milliseconds) =>
        prompt.Add("Sleep", ("value", value), ("milliseconds", milliseconds), ("fails", false));
}
