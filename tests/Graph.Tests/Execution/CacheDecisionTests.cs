using NodeHost.Graph.Caching;
using NodeHost.Graph.Execution;

namespace NodeHost.Graph.Tests.Execution;

public sealed class CacheDecisionTests : IDisposable
{
    private readonly ExecutorHarness _harness = new();

    public void Dispose() => _harness.Dispose();

    [Fact]
    public async Task Decisions_FirstRun_SayThatItIsTheFirst()
    {
        var result = await _harness.RunAsync(Sum(1, 2));
        Assert.All(result.Decisions, decision => Assert.Equal(CacheReason.FirstTime, decision.Reason));
        Assert.All(result.Decisions, decision => Assert.Equal("executed", decision.State));
    }

    [Fact]
    public async Task Decisions_OneInputChanged_NameItAndWhatComesAfterIt()
    {
        await _harness.RunAsync(Sum(1, 2));
        var decisions = (await _harness.RunAsync(Sum(1, 3))).Decisions.ToDictionary(decision => decision.NodeId);
        Assert.Equal((CacheReason.Cached, "cached"), (decisions["1"].Reason, decisions["1"].State));
        Assert.Equal(CacheReason.InputChanged, decisions["2"].Reason);
        Assert.Equal(new CacheInputChange("value", "2", "3"), Assert.Single(decisions["2"].ChangedInputs));
        Assert.Equal(CacheReason.UpstreamChanged, decisions["3"].Reason);
        Assert.Equal(["2"], decisions["3"].ChangedNodes);
        Assert.Equal("executed", decisions["out"].State);
    }

    [Fact]
    public async Task Decisions_LinkToAnotherNode_AreAChangedInput()
    {
        await _harness.RunAsync(Sum(1, 2));
        var prompt = Sum(1, 2);
        prompt.Json["3"]!["inputs"]!["b"] = new Newtonsoft.Json.Linq.JArray("1", 0);
        var decision = (await _harness.RunAsync(prompt)).Decisions.Single(decision => decision.NodeId == "3");
        Assert.Equal(new CacheInputChange("b", "2[0]", "1[0]"), Assert.Single(decision.ChangedInputs));
    }

    [Fact]
    public async Task Decisions_ResultsDropped_SayThatNothingChanged()
    {
        await _harness.RunAsync(Sum(1, 2));
        _harness.ClearCache();
        var result = await _harness.RunAsync(Sum(1, 2));
        Assert.All(result.Decisions, decision => Assert.Equal(CacheReason.Evicted, decision.Reason));
    }

    [Fact]
    public async Task Decisions_ContentOfAFileChanged_SaySo()
    {
        var prompt = new TestPrompt();
        prompt.AddAs("out", "Show", ("value", prompt.AddAs("file", "FileContent")));
        _harness.World.FileContent = "old";
        await _harness.RunAsync(prompt);
        _harness.World.FileContent = "new";
        var result = await _harness.RunAsync(prompt);
        Assert.Equal(CacheReason.ContentChanged, result.Decisions.Single(decision => decision.NodeId == "file").Reason);
    }

    [Fact]
    public async Task Decisions_NothingIsKept_SaySo()
    {
        using var harness = new ExecutorHarness(_ => new NoCache());
        await harness.RunAsync(Sum(1, 2));
        var result = await harness.RunAsync(Sum(1, 2));
        Assert.All(result.Decisions, decision => Assert.Equal(CacheReason.CachingOff, decision.Reason));
    }

    [Fact]
    public async Task Decisions_FailedRun_TellWhatWasNotReached()
    {
        var prompt = new TestPrompt();
        prompt.AddAs("out", "Show", ("value", prompt.AddAs("fails", "Fail", ("value", 1), ("text", "no"))));
        var result = await _harness.RunAsync(prompt);
        Assert.Equal(RunStatus.Failed, result.Status);
        Assert.Equal("not_reached", result.Decisions.Single(decision => decision.NodeId == "out").State);
        Assert.Equal("first_time", (string?)result.DecisionsToJson()["out"]!["reason"]);
    }

    private static TestPrompt Sum(int first, int second)
    {
        var prompt = new TestPrompt();
        var sum = prompt.AddAs(
            "3",
            "Add",
            ("a", prompt.AddAs("1", "Number", ("value", first))),
            ("b", prompt.AddAs("2", "Number", ("value", second)))
        );
        prompt.AddAs("out", "Show", ("value", sum));
        return prompt;
    }
}
