using NodeHost.Graph.Execution;
using NodeHost.Graph.Workflows;

namespace NodeHost.Graph.Tests.Execution;

public sealed class ListMappingTests : IDisposable
{
    private readonly ExecutorHarness _harness = new();

    public void Dispose() => _harness.Dispose();

    [Fact]
    public async Task Run_ListInput_CallsOncePerElement()
    {
        var prompt = new TestPrompt();
        var list = prompt.Add("ListOf", ("count", 3));
        prompt.AddAs("out", "Show", ("value", prompt.Add("Add", ("a", list), ("b", 10))));

        Assert.Equal(["11", "12", "13"], await _harness.ShowAsync(prompt));
    }

    [Fact]
    public async Task Run_NumberGroup_CollectsConstantsAndLinksByName()
    {
        var prompt = new TestPrompt();
        var half = prompt.Add("Real", ("value", 0.5));
        var ratios = prompt.Add("Ratios", ("in.", 1), ("block.1.", half), ("block.2.", 0.25));
        prompt.AddAs("out", "Show", ("value", ratios));

        Assert.Equal(["in.=1, block.1.=0.5, block.2.=0.25"], await _harness.ShowAsync(prompt));
    }

    [Fact]
    public async Task Run_ListsOfUnequalLength_RepeatTheLastElementOfTheShorter()
    {
        var prompt = new TestPrompt();
        var three = prompt.Add("ListOf", ("count", 3));
        var two = prompt.Add("ListOf", ("count", 2));
        prompt.AddAs("out", "Show", ("value", prompt.Add("Add", ("a", three), ("b", two))));

        Assert.Equal(["2", "4", "5"], await _harness.ShowAsync(prompt));
    }

    [Fact]
    public async Task Run_NodeThatTakesLists_GetsThemWhole()
    {
        var prompt = new TestPrompt();
        var list = prompt.Add("ListOf", ("count", 3));
        prompt.AddAs("out", "Show", ("value", prompt.Add("Join", ("values", list), ("separator", "+"))));

        Assert.Equal(["1+2+3"], await _harness.ShowAsync(prompt));
    }

    [Fact]
    public async Task Run_ListOutputUnderListMapping_JoinsTheLists()
    {
        var prompt = new TestPrompt();
        var outer = prompt.Add("ListOf", ("count", 3));
        var inner = prompt.Add("ListOf", ("count", outer));
        prompt.AddAs("out", "Show", ("value", prompt.Add("Join", ("values", inner), ("separator", ","))));

        Assert.Equal(["1,1,2,1,2,3"], await _harness.ShowAsync(prompt));
    }

    [Fact]
    public async Task Run_AllListsEmpty_CallsOnceWithoutArguments()
    {
        var prompt = new TestPrompt();
        var empty = prompt.Add("ListOf", ("count", 0));
        prompt.AddAs("out", "Show", ("value", prompt.Add("CallCount", ("value", empty))));

        Assert.Equal(["0"], await _harness.ShowAsync(prompt));
        Assert.Equal(1, _harness.World.Calls);
    }

    [Fact]
    public async Task Run_OneListEmpty_FailsNamingTheInput()
    {
        var prompt = new TestPrompt();
        var empty = prompt.Add("ListOf", ("count", 0));
        prompt.AddAs("out", "Show", ("value", prompt.Add("Add", ("a", empty), ("b", 1))));

        var result = await _harness.RunAsync(prompt);

        Assert.Equal(RunStatus.Failed, result.Status);
        Assert.Equal(("2", "Add", "a"), (result.Error!.NodeId, result.Error.NodeType, result.Error.InputName));
        Assert.StartsWith("Add #2, input 'a': expected as many values", result.Error.ExceptionMessage);
    }

    [Fact]
    public async Task Run_DisplaysOfSeveralCalls_JoinUnderTheNamesOfTheFirst()
    {
        var prompt = new TestPrompt();
        prompt.AddAs("out", "ShowTwice", ("value", prompt.Add("ListOf", ("count", 3))));

        var result = await _harness.RunAsync(prompt);

        Assert.Equal("""{"text":["1","2","3"],"first":[1]}""", PromptJson.Write(result.Displays.Single().Output));
    }

    [Fact]
    public async Task Run_WrongNumberOfOutputs_SaysExpectedAndGiven()
    {
        var prompt = new TestPrompt();
        prompt.AddAs("out", "Show", ("value", prompt.Add("WrongCount")));

        var result = await _harness.RunAsync(prompt);

        Assert.StartsWith("WrongCount #1: expected 2 outputs, got 1.", result.Error!.ExceptionMessage);
    }
}
