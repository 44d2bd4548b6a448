using NodeHost.Graph.Caching;
using NodeHost.Graph.Execution;

namespace NodeHost.Graph.Tests.Execution;

public sealed class LifetimeTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Run_WithoutCache_HoldsNothingAfterwardsAndLittleMeanwhile(bool fails)
    {
        using var harness = new ExecutorHarness(_ => new NoCache());

        await harness.RunAsync(Chain(50, fails));

        Assert.Equal(0, harness.Lifetime.Held);
        Assert.True(harness.Lifetime.MostHeld <= 3, $"{harness.Lifetime.MostHeld} values were held at once");
    }

    [Fact]
    public async Task Run_WithCache_HoldsWhatIsCachedAndReleasesIt()
    {
        var harness = new ExecutorHarness();
        await harness.RunAsync(Chain(10, fails: false));
        Assert.Equal(11, harness.Lifetime.Held);

        await harness.RunAsync(Chain(4, fails: false));
        Assert.Equal(5, harness.Lifetime.Held);

        harness.ClearCache();
        Assert.Equal(0, harness.Lifetime.Held);
        harness.Dispose();
    }

    [Fact]
    public async Task Run_SameValuePassedOn_IsHeldUntilTheLastHolderIsGone()
    {
        using var harness = new ExecutorHarness(_ => new NoCache());
        var prompt = new TestPrompt();
        var link = prompt.Add("MakeTracked", ("number", 7));
        for (var index = 0; index < 5; index++)
        {
            link = prompt.Add("NextTracked", ("tracked", link), ("passes", true));
        }
        prompt.AddAs("out", "ShowTracked", ("tracked", link));

        Assert.Equal(["7"], await harness.ShowAsync(prompt));
        Assert.Equal(0, harness.Lifetime.Held);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Run_ExpansionWithObjectConstants_HoldsThemWhileItRuns(bool cached)
    {
        var harness = new ExecutorHarness(cached ? null : _ => new NoCache());
        var prompt = new TestPrompt();
        prompt.AddAs("out", "ShowTracked", ("tracked", prompt.Add("ExpandTracked", ("number", 3))));

        Assert.Equal(["4"], await harness.ShowAsync(prompt));

        Assert.Equal(cached ? 1 : 0, harness.Lifetime.Held);
        harness.Dispose();
        Assert.Equal(0, harness.Lifetime.Held);
    }

    [Fact]
    public async Task ByteBudget_TooSmallForAnything_StillRuns()
    {
        using var harness = new ExecutorHarness(lifetime => new ByteBudgetCache(lifetime, 0));

        Assert.Equal(RunStatus.Succeeded, (await harness.RunAsync(Chain(10, fails: false))).Status);
        Assert.Equal(0, harness.Lifetime.Held);
    }

    private static TestPrompt Chain(int length, bool fails)
    {
        var prompt = new TestPrompt();
        var link = prompt.Add("MakeTracked", ("number", 0));
        for (var index = 0; index < length; index++)
        {
            link = prompt.Add("NextTracked", ("tracked", link), ("passes", false));
        }
        prompt.AddAs("out", "ShowTracked", ("tracked", link), ("fails", fails));
        return prompt;
    }
}
