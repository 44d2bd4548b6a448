using NodeHost.Graph.Execution;

namespace NodeHost.Graph.Tests.Execution;

public sealed class LazyInputTests : IDisposable
{
    private readonly ExecutorHarness _harness = new();

    public void Dispose() => _harness.Dispose();

    [Theory]
    [InlineData(0.0, "1/-", new[] { "mix", "1", "mix", "out" })]
    [InlineData(1.0, "-/2", new[] { "mix", "2", "mix", "out" })]
    [InlineData(0.5, "1/2", new[] { "mix", "2", "1", "mix", "out" })]
    public async Task Run_LazyInputs_EvaluateOnlyWhatIsAskedFor(double mask, string expected, string[] started)
    {
        Assert.Equal([expected], await _harness.ShowAsync(Mix(mask)));

        // Both become ready at once; the order of discovery decides, and the first asked for was discovered first.
        Assert.Equal(started.Order(), _harness.Events.Started.Order());
        Assert.Equal("mix", _harness.Events.Started[0]);
        Assert.Equal(["mix", "out"], _harness.Events.Started.TakeLast(2));
    }

    [Fact]
    public async Task Run_LazyInputThatIsCached_IsThereAtOnce()
    {
        await _harness.ShowAsync(Mix(0.0));
        var prompt = Mix(0.25);

        Assert.Equal(["1/2"], await _harness.ShowAsync(prompt));
        Assert.Equal(["mix", "2", "mix", "out"], _harness.Events.Started);
        Assert.Equal(
            "start; cached 1; run mix; go mix; run 2; go 2; done 2; run mix; go mix; done mix; run out; go out; show out; done out; success",
            _harness.Events.Story
        );
    }

    [Fact]
    public async Task Run_LazyUnderListMapping_TakesTheUnionOfAllAnswers()
    {
        var prompt = new TestPrompt();
        prompt.AddAs("1", "Number", ("value", 1));
        prompt.AddAs("2", "Number", ("value", 2));
        // 1 - count: the masks are 0 and 1, so one call wants the first input, the other the second.
        var masks = prompt.AddAs(
            "masks",
            "Real",
            ("value", prompt.Add("Add", ("a", prompt.Add("ListOf", ("count", 2))), ("b", -1)))
        );
        var mix = prompt.AddAs(
            "mix",
            "LazyMix",
            ("mask", masks),
            ("first", TestPrompt.Slot(["1", 0], 0)),
            ("second", TestPrompt.Slot(["2", 0], 0))
        );
        prompt.AddAs("out", "Show", ("value", mix));

        Assert.Equal(["1/2", "1/2"], await _harness.ShowAsync(prompt));
    }

    [Fact]
    public async Task Run_AsynchronousLazyNode_Waits()
    {
        var prompt = new TestPrompt();
        var lazy = prompt.Add("AsyncLazy", ("value", prompt.AddAs("n", "Number", ("value", 5))));
        prompt.AddAs("out", "Show", ("value", lazy));

        Assert.Equal(["5"], await _harness.ShowAsync(prompt));
    }

    [Fact]
    public async Task Run_LazyNodeAsksForUnconnectedInput_Fails()
    {
        var prompt = new TestPrompt();
        prompt.AddAs("out", "Show", ("value", prompt.Add("AsksForNothingThere")));

        var result = await _harness.RunAsync(prompt);

        Assert.Equal(RunStatus.Failed, result.Status);
        Assert.Equal(
            "Node 1 says it needs input value, but there is no input to that node at all\n",
            result.Error!.ExceptionMessage
        );
    }

    [Fact]
    public async Task Run_LazyWithoutCache_StillWorks()
    {
        using var harness = new ExecutorHarness(_ => new Caching.NoCache());
        var prompt = Mix(0.5);
        // The value is used and gone before the lazy node asks for it, so it has to be made again.
        prompt.AddAs("early", "Show", ("value", TestPrompt.Slot(["1", 0], 0)));

        Assert.Equal(["1/2"], await harness.ShowAsync(prompt));
    }

    private static TestPrompt Mix(double mask)
    {
        var prompt = new TestPrompt();
        var first = prompt.AddAs("1", "Number", ("value", 1));
        var second = prompt.AddAs("2", "Number", ("value", 2));
        prompt.AddAs(
            "out",
            "Show",
            ("value", prompt.AddAs("mix", "LazyMix", ("mask", mask), ("first", first), ("second", second)))
        );
        return prompt;
    }
}
