using NodeHost.Graph.Contracts;
using NodeHost.Graph.Events;
using NodeHost.Graph.Execution;

namespace NodeHost.Graph.Tests.Execution;

/// <summary>What the host supplies: a scope around nodes, services, and several executors at once.</summary>
public sealed class HostTests
{
    [Fact]
    public async Task Run_Scope_IsOpenWhileNodesRunAndResultsAreRetained()
    {
        var host = new RecordingHost();
        using var executor = new PromptExecutor(TestNodes.Catalogue, new() { Lifetime = host, Scope = host });
        var prompt = new TestPrompt();
        prompt.AddAs("out", "ShowTracked", ("tracked", prompt.Add("MakeTracked", ("number", 1))), ("fails", false));

        await executor.RunAsync(new RunRequest("id", prompt.Json, ["out"]));

        Assert.Equal(
            ["open", "retain", "close", "open", "close"],
            host.Happened.Where(what => what != "retain outside")
        );
    }

    [Fact]
    public async Task Run_ManyExecutorsOverOneCatalogue_DoNotDisturbEachOther()
    {
        var runs = Enumerable
            .Range(0, 16)
            .Select(number =>
                Task.Run(async () =>
                {
                    using var harness = new ExecutorHarness();
                    var prompt = new TestPrompt();
                    prompt.AddAs("out", "Show", ("value", prompt.Add("Loop", ("count", number))));
                    return await harness.ShowAsync(prompt);
                })
            );

        var shown = await Task.WhenAll(runs);

        Assert.Equal(
            Enumerable.Range(0, 16).Select(number => $"{number * (number + 1) / 2}"),
            shown.Select(text => text[0])
        );
    }

    [Fact]
    public async Task Run_PreviewTextAndWarning_ReachTheWatchers()
    {
        using var harness = new ExecutorHarness();
        var prompt = new TestPrompt();
        prompt.AddAs("out", "Show", ("value", prompt.Add("Talkative")));

        await harness.RunAsync(prompt);

        Assert.Equal(
            "start; cached; run 1; go 1; progress_text; warning; run 1; preview; step 1 0.5/1; done 1; run out; go out; show out; done out; success",
            harness.Events.Story
        );
        var preview = harness.Events.Events.OfType<NodePreviewed>().Single();
        Assert.Equal([1, 2, 3], preview.Preview.Bytes);
        Assert.Equal(
            ["node_id", "prompt_id", "display_node_id", "parent_node_id", "real_node_id", "image_type"],
            preview.ToJson().Properties().Select(property => property.Name)
        );
    }

    [Fact]
    public void Get_ServiceNobodyRegistered_SaysWhich()
    {
        var error = Assert.Throws<InvalidOperationException>(() => new NodeContext().Get<TestNodes.World>());

        Assert.Contains("World", error.Message);
    }

    private sealed class RecordingHost : IValueLifetime, INodeScope
    {
        private bool _isOpen;

        public List<string> Happened { get; } = [];

        public IDisposable Enter()
        {
            _isOpen = true;
            Happened.Add("open");
            return new Closer(this);
        }

        public void Retain(object value)
        {
            if (value is Tracked)
            {
                Happened.Add(_isOpen ? "retain" : "retain outside");
            }
        }

        public void Release(object value) { }

        public long Bytes(object value) => 0;

        private sealed class Closer(RecordingHost host) : IDisposable
        {
            public void Dispose()
            {
                host._isOpen = false;
                host.Happened.Add("close");
            }
        }
    }
}
