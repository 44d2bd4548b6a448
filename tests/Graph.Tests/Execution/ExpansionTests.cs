using NodeHost.Graph.Events;
using NodeHost.Graph.Execution;

namespace NodeHost.Graph.Tests.Execution;

public sealed class ExpansionTests : IDisposable
{
    private readonly ExecutorHarness _harness = new();

    public void Dispose() => _harness.Dispose();

    [Fact]
    public async Task Run_LoopByExpansion_NestsIdsAndSums()
    {
        Assert.Equal(["10"], await _harness.ShowAsync(Loop(4)));

        Assert.Equal(["1", "1.0.0.1", "1.0.0.2", "1.0.0.2.0.0.1", "1.0.0.2.0.0.2"], _harness.Events.Started.Take(5));
        var inner = _harness.Events.Events.OfType<NodeExecuting>().First(node => node.NodeId == "1.0.0.1");
        Assert.Equal("1", inner.DisplayNodeId);
    }

    [Fact]
    public async Task Run_LoopOfFiveHundredExpansions_NeedsNoStack()
    {
        Assert.Equal(["125250"], await _harness.ShowAsync(Loop(500)));
    }

    [Fact]
    public async Task Run_Expansion_FinishesTheParentWithoutAnotherStart()
    {
        await _harness.ShowAsync(Loop(1));

        Assert.Equal(
            "start; cached; run 1; go 1; run 1.0.0.1; go 1.0.0.1; done 1.0.0.1; run 1.0.0.2; go 1.0.0.2; "
                + "done 1.0.0.2; done 1; run out; go out; show out; done out; success",
            _harness.Events.Story
        );
    }

    [Theory]
    [InlineData(2, new[] { "2" })]
    [InlineData(3, new[] { "1", "2", "3" })]
    public async Task Run_MixedReturns_AreEitherValuesOrSubgraphs(int value, string[] expected)
    {
        var prompt = new TestPrompt();
        prompt.AddAs("out", "Show", ("value", prompt.Add("Mixed", ("value", value))));

        Assert.Equal(expected, await _harness.ShowAsync(prompt));
    }

    [Fact]
    public async Task Run_ListMappedExpansion_JoinsCallsInOrder()
    {
        var prompt = new TestPrompt();
        prompt.AddAs("out", "Show", ("value", prompt.Add("Mixed", ("value", prompt.Add("ListOf", ("count", 4))))));

        Assert.Equal(["1", "2", "1", "2", "3", "4"], await _harness.ShowAsync(prompt));
        Assert.Contains("2.2.0.1", _harness.Events.Started);
    }

    [Fact]
    public async Task Run_ExpansionWithOutputNode_RunsItAndShowsUiFirst()
    {
        var prompt = new TestPrompt();
        prompt.AddAs("out", "Show", ("value", prompt.Add("ExpandsWithOutput", ("value", 7))));

        var result = await _harness.RunAsync(prompt);

        Assert.Equal(["before"], ExecutorHarness.Texts(result, "1"));
        Assert.Equal(["7"], ExecutorHarness.Texts(result, "1.0.0.2"));
        Assert.Equal(["7"], ExecutorHarness.Texts(result));
        Assert.Equal(
            ["1", "1.0.0.2", "out"],
            _harness.Events.Events.OfType<NodeExecuted>().Select(node => node.NodeId)
        );
        var inner = result.ToHistoryEntry(0)["meta"]!["1.0.0.2"]!;
        Assert.Equal(
            ("1", "1", "1"),
            ((string?)inner["display_node"], (string?)inner["parent_node"], (string?)inner["real_node_id"])
        );
    }

    [Fact]
    public async Task Run_ExpansionAgain_UsesInnerResults()
    {
        await _harness.ShowAsync(Loop(3));
        await _harness.ShowAsync(Loop(3));
        Assert.Empty(_harness.Events.Started);

        // A longer loop over the same beginning is another graph, but its parent's old inner results may still serve.
        Assert.Equal(["10"], await _harness.ShowAsync(Loop(4)));
    }

    [Theory]
    [InlineData("cycle", "comfy_execution.graph.DependencyCycleError", "Dependency cycle detected")]
    [InlineData("duplicate", "comfy_execution.graph.DuplicateNodeError", "Attempt to add duplicate node 1")]
    [InlineData("unknown", "KeyError", "Node #x: the class 'NoSuchNode' does not exist")]
    [InlineData("error", "System.InvalidOperationException", "inside")]
    [InlineData("missing", "TypeError", "Join #1.0.0.1, input 'values': expected INT, got nothing")]
    public async Task Run_BadExpansion_IsAnErrorOfTheRealNode(string how, string type, string message)
    {
        var prompt = new TestPrompt();
        prompt.AddAs("out", "Show", ("value", prompt.Add("ExpandsBadly", ("how", how))));

        var result = await _harness.RunAsync(prompt);

        Assert.Equal(RunStatus.Failed, result.Status);
        Assert.Equal(
            ("1", "ExpandsBadly", type),
            (result.Error!.NodeId, result.Error.NodeType, result.Error.ExceptionType)
        );
        Assert.StartsWith(message, result.Error.ExceptionMessage);
        Assert.Equal(how == "error" ? "1.0.0.1" : result.Error.InnerNodeId, result.Error.InnerNodeId);
    }

    [Fact]
    public async Task Run_ExpansionWithoutCache_StillWorks()
    {
        using var harness = new ExecutorHarness(_ => new Caching.NoCache());

        Assert.Equal(["15"], await harness.ShowAsync(Loop(5)));
    }

    private static TestPrompt Loop(int count)
    {
        var prompt = new TestPrompt();
        prompt.AddAs("out", "Show", ("value", prompt.Add("Loop", ("count", count))));
        return prompt;
    }
}
