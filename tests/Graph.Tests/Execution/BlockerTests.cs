using NodeHost.Graph.Events;
using NodeHost.Graph.Execution;

namespace NodeHost.Graph.Tests.Execution;

public sealed class BlockerTests : IDisposable
{
    private readonly ExecutorHarness _harness = new();

    public void Dispose() => _harness.Dispose();

    [Fact]
    public async Task Run_BlockedListElements_SkipOnlyTheirCalls()
    {
        var prompt = new TestPrompt();
        var list = prompt.Add("ListOf", ("count", 4));
        var block = prompt.Add("BlockOver", ("value", list), ("limit", 2));
        prompt.AddAs("out", "Show", ("value", prompt.Add("Add", ("a", block), ("b", 10))));
        prompt.AddAs("all", "Show", ("value", TestPrompt.Slot(block, 1)));

        var result = await _harness.RunAsync(prompt);

        Assert.Equal(RunStatus.Succeeded, result.Status);
        Assert.Equal(["11", "12"], ExecutorHarness.Texts(result));
        Assert.Equal(["1", "2", "3", "4"], ExecutorHarness.Texts(result, "all"));
    }

    [Fact]
    public async Task Run_BlockerWithMessage_IsSaidOnceByTheFirstConsumerAndNotKept()
    {
        var prompt = new TestPrompt();
        var block = prompt.Add("BlockOver", ("value", 3), ("limit", 2), ("message", "too much"));
        prompt.AddAs("out", "Show", ("value", prompt.AddAs("first", "Add", ("a", block), ("b", 10))));

        var result = await _harness.RunAsync(prompt);

        Assert.Equal(RunStatus.Succeeded, result.Status);
        Assert.Empty(result.Displays);
        Assert.DoesNotContain(result.Messages, message => message is ExecutionFailed);
        var said = Assert.Single(_harness.Events.Events.OfType<ExecutionFailed>()).ToJson();
        Assert.Equal("first", said["node_id"]);
        Assert.Equal("Execution Blocked: too much", said["exception_message"]);
        Assert.Equal("ExecutionBlocked", said["exception_type"]);
        Assert.False(said.ContainsKey("timestamp"));
        Assert.Empty(said["current_inputs"]!);
        Assert.EndsWith("success", _harness.Events.Story);
    }

    [Fact]
    public async Task Run_NodeBlocksEverything_AllSlotsAreBlocked()
    {
        var prompt = new TestPrompt();
        var block = prompt.Add("BlockAll");
        prompt.AddAs("out", "Show", ("value", TestPrompt.Slot(block, 1)));

        var result = await _harness.RunAsync(prompt);

        Assert.Equal(RunStatus.Succeeded, result.Status);
        Assert.Equal("out", Assert.Single(_harness.Events.Events.OfType<ExecutionFailed>()).Error.NodeId);
    }

    [Fact]
    public async Task Run_BlockerInListForListNode_BlocksItsOneCall()
    {
        var prompt = new TestPrompt();
        var list = prompt.Add("ListOf", ("count", 3));
        var block = prompt.Add("BlockOver", ("value", list), ("limit", 2));
        prompt.AddAs("out", "Show", ("value", prompt.Add("Join", ("values", block), ("separator", ","))));

        Assert.Empty((await _harness.RunAsync(prompt)).Displays);
    }
}
