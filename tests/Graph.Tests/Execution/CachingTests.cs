using NodeHost.Graph.Caching;
using NodeHost.Graph.Execution;

namespace NodeHost.Graph.Tests.Execution;

public sealed class CachingTests : IDisposable
{
    private readonly ExecutorHarness _harness = new();

    public void Dispose() => _harness.Dispose();

    [Fact]
    public async Task Run_OneInputChanged_RunsOnlyWhatDependsOnIt()
    {
        await _harness.ShowAsync(Sum(1, 2));

        await _harness.ShowAsync(Sum(1, 3));

        Assert.Equal(["2", "3", "out"], _harness.Events.Started);
        Assert.Equal(["1"], _harness.Events.Cached);
    }

    [Fact]
    public async Task Run_OtherIdsAndOtherKeyOrder_StillHits()
    {
        await _harness.ShowAsync(Sum(1, 2));
        var prompt = new TestPrompt();
        var second = prompt.AddAs("b", "Number", ("value", 2));
        var first = prompt.AddAs("a", "Number", ("value", 1));
        prompt.AddAs("out", "Show", ("value", prompt.AddAs("sum", "Add", ("b", second), ("a", first))));

        await _harness.ShowAsync(prompt);

        Assert.Empty(_harness.Events.Started);
        Assert.Equal(["b", "a", "sum", "out"], _harness.Events.Cached);
    }

    [Fact]
    public async Task Run_MetaChanged_StillHits()
    {
        await _harness.ShowAsync(Sum(1, 2));
        var prompt = Sum(1, 2);
        prompt.Json["1"]!["_meta"] = new Newtonsoft.Json.Linq.JObject { ["title"] = "renamed" };

        await _harness.ShowAsync(prompt);

        Assert.Empty(_harness.Events.Started);
    }

    [Theory]
    [InlineData(1, 1.0, true)]
    [InlineData(1, true, true)]
    [InlineData(0.0, false, true)]
    [InlineData(1, "1", false)]
    [InlineData(1.5, 1.25, false)]
    public async Task Run_EqualNumbersOfOtherKinds_AreOneKey(object first, object second, bool hits)
    {
        await _harness.ShowAsync(Real(first));

        await _harness.ShowAsync(Real(second));

        Assert.Equal(hits, _harness.Events.Started.Count == 0);
    }

    [Fact]
    public async Task Run_UndeclaredConstant_CountsInTheKey()
    {
        await _harness.ShowAsync(Sum(1, 2));
        var prompt = Sum(1, 2);
        prompt.Json["1"]!["inputs"]!["undeclared"] = 5;

        await _harness.ShowAsync(prompt);

        Assert.Equal(["1", "3", "out"], _harness.Events.Started);
    }

    [Fact]
    public async Task Run_Twins_RunOnceAndShareTheResult()
    {
        var prompt = new TestPrompt();
        var first = prompt.Add("CallCount");
        var second = prompt.Add("CallCount");
        prompt.AddAs("out", "Show", ("value", prompt.Add("Add", ("a", first), ("b", second))));

        Assert.Equal(["0"], await _harness.ShowAsync(prompt));
        Assert.Equal(1, _harness.World.Calls);
        Assert.Single(_harness.Events.Started, id => id is "1" or "2");
    }

    [Theory]
    [InlineData("Dice")]
    public async Task Run_NotIdempotentTwins_RunEach(string classType)
    {
        var prompt = new TestPrompt();
        var first = prompt.Add(classType);
        var second = prompt.Add(classType);
        prompt.AddAs("out", "Show", ("value", prompt.Add("Add", ("a", first), ("b", second))));

        Assert.Equal(["1"], await _harness.ShowAsync(prompt));
        Assert.Equal(2, _harness.World.Calls);
    }

    [Fact]
    public async Task Run_NodeThatKnowsItsId_IsKeyedByIt()
    {
        var prompt = new TestPrompt();
        prompt.AddAs("1", "Show", ("value", prompt.AddAs("a", "WhoAmI")));
        prompt.AddAs("out", "Show", ("value", prompt.AddAs("b", "WhoAmI")));

        var result = await _harness.RunAsync(prompt);

        Assert.Equal(["a of 4, saved"], ExecutorHarness.Texts(result, "1"));
        Assert.Equal(["b of 4, saved"], ExecutorHarness.Texts(result));
    }

    [Fact]
    public async Task Run_FingerprintSame_HitsAndChanged_RunsAgain()
    {
        var prompt = new TestPrompt();
        prompt.AddAs("out", "Show", ("value", prompt.Add("FileContent")));
        Assert.Equal(["first"], await _harness.ShowAsync(prompt));
        await _harness.ShowAsync(prompt);
        Assert.Empty(_harness.Events.Started);

        _harness.World.FileContent = "second";

        Assert.Equal(["second"], await _harness.ShowAsync(prompt));
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData("broken")]
    public async Task Run_FingerprintNaNOrFailing_RunsEveryTimeButOncePerRun(object content)
    {
        _harness.World.FileContent = content;
        var prompt = new TestPrompt();
        var file = prompt.Add("FileContent");
        prompt.AddAs("other", "Show", ("value", prompt.Add("CallCount", ("value", 1), ("undeclared", file))));
        prompt.AddAs("out", "Show", ("value", file));

        await _harness.ShowAsync(prompt);
        await _harness.ShowAsync(prompt);

        Assert.Equal(["1", "2", "other", "out"], _harness.Events.Started.Order());
        Assert.Empty(_harness.Events.Cached);
    }

    [Fact]
    public async Task Run_NaNConstant_NeverMatchesTheNextRun()
    {
        var prompt = new TestPrompt();
        prompt.AddAs("out", "Show", ("value", prompt.Add("Real", ("value", double.NaN))));

        await _harness.ShowAsync(prompt);
        await _harness.ShowAsync(prompt);

        Assert.Equal(["1", "out"], _harness.Events.Started);
    }

    [Fact]
    public async Task Classic_OtherWorkflowBetween_ForgetsTheFirst()
    {
        await _harness.ShowAsync(Sum(1, 2));
        await _harness.ShowAsync(Sum(3, 4));

        await _harness.ShowAsync(Sum(1, 2));

        Assert.Empty(_harness.Events.Cached);
    }

    [Fact]
    public async Task Lru_OtherWorkflowBetween_RemembersUpToItsCapacity()
    {
        using var harness = new ExecutorHarness(lifetime => new LruCache(lifetime, 8));
        await harness.ShowAsync(Sum(1, 2));
        await harness.ShowAsync(Sum(3, 4));

        await harness.ShowAsync(Sum(1, 2));
        Assert.Equal(4, harness.Events.Cached.Count);

        await harness.ShowAsync(Sum(5, 6));
        await harness.ShowAsync(Sum(7, 8));
        await harness.ShowAsync(Sum(9, 10));
        await harness.ShowAsync(Sum(1, 2));
        Assert.Empty(harness.Events.Cached);
    }

    [Fact]
    public async Task Lru_PromptLargerThanCapacity_KeepsAllOfTheCurrentOne()
    {
        using var harness = new ExecutorHarness(lifetime => new LruCache(lifetime, 1));
        await harness.ShowAsync(Sum(1, 2));

        await harness.ShowAsync(Sum(1, 2));

        Assert.Equal(4, harness.Events.Cached.Count);
    }

    [Fact]
    public async Task ByteBudget_OtherWorkflowBetween_RemembersWhatFits()
    {
        using var harness = new ExecutorHarness(lifetime => new ByteBudgetCache(lifetime, 2_500_000));
        await harness.ShowAsync(Tracked(1));
        await harness.ShowAsync(Tracked(2));
        await harness.ShowAsync(Tracked(1));
        Assert.Equal(2, harness.Events.Cached.Count);

        await harness.ShowAsync(Tracked(3));
        await harness.ShowAsync(Tracked(2));

        Assert.DoesNotContain("1", harness.Events.Cached);
        Assert.True(harness.Lifetime.Held <= 2, $"{harness.Lifetime.Held} values are held, two fit the budget");
    }

    [Fact]
    public async Task ByteBudget_NotUsedForLongerThanItsPatience_IsGivenUp()
    {
        using var harness = new ExecutorHarness(lifetime => new ByteBudgetCache(lifetime, 1L << 30, patience: 2));
        await harness.ShowAsync(Tracked(1));
        await harness.ShowAsync(Tracked(2));
        await harness.ShowAsync(Tracked(1));
        Assert.Equal(2, harness.Events.Cached.Count);

        await harness.ShowAsync(Tracked(3));
        await harness.ShowAsync(Tracked(3));

        Assert.Equal(2, harness.Lifetime.Held);
    }

    [Fact]
    public async Task None_SecondRun_RunsEverythingAgain()
    {
        using var harness = new ExecutorHarness(_ => new NoCache());
        await harness.ShowAsync(Sum(1, 2));

        await harness.ShowAsync(Sum(1, 2));

        Assert.Equal(4, harness.Events.Started.Count);
    }

    [Fact]
    public async Task ClearCache_NextRun_RunsEverythingAgain()
    {
        await _harness.ShowAsync(Sum(1, 2));
        _harness.ClearCache();

        await _harness.ShowAsync(Sum(1, 2));

        Assert.Empty(_harness.Events.Cached);
    }

    [Fact]
    public async Task History_FullyCachedRun_IsComplete()
    {
        await _harness.ShowAsync(Sum(1, 2));

        Assert.Equal(["3"], ExecutorHarness.Texts(await _harness.RunAsync(Sum(1, 2))));
        Assert.Equal(RunStatus.Succeeded, (await _harness.RunAsync(Sum(1, 2))).Status);
    }

    private static TestPrompt Sum(int first, int second)
    {
        var prompt = new TestPrompt();
        var a = prompt.AddAs("1", "Number", ("value", first));
        var b = prompt.AddAs("2", "Number", ("value", second));
        prompt.AddAs("out", "Show", ("value", prompt.AddAs("3", "Add", ("a", a), ("b", b))));
        return prompt;
    }

    private static TestPrompt Real(object value)
    {
        var prompt = new TestPrompt();
        prompt.AddAs("out", "Show", ("value", prompt.Add("Real", ("value", value))));
        return prompt;
    }

    private static TestPrompt Tracked(int number)
    {
        var prompt = new TestPrompt();
        prompt.AddAs("out", "ShowTracked", ("tracked", prompt.Add("MakeTracked", ("number", number))));
        return prompt;
    }
}
