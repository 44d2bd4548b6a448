using Newtonsoft.Json.Linq;
using NodeHost.Graph.Events;
using NodeHost.Graph.Workflows;

namespace NodeHost.Graph.Tests.Execution;

public sealed class OrderAndEventTests : IDisposable
{
    private readonly ExecutorHarness _harness = new();

    public void Dispose() => _harness.Dispose();

    [Fact]
    public async Task Run_RenderLikeGraph_TakesReferenceOrder()
    {
        // The shape of text-to-image with two outputs; ComfyUI runs it as 1, 4, 3, 2, 5, 8, 6, 7.
        var prompt = new TestPrompt();
        prompt.AddAs("1", "Number", ("value", 1));
        prompt.AddAs("2", "Add", ("a", Link("1")), ("b", 1));
        prompt.AddAs("3", "Add", ("a", Link("1")), ("b", 2));
        prompt.AddAs("4", "Number", ("value", 4));
        prompt.AddAs("5", "Sum5", ("a", Link("1")), ("b", Link("2")), ("c", Link("3")), ("d", Link("4")));
        prompt.AddAs("6", "Add", ("a", Link("5")), ("b", Link("1")));
        prompt.AddAs("7", "Show", ("value", Link("6")));
        prompt.AddAs("8", "Show", ("value", Link("5")));

        await _harness.RunAsync(prompt);

        Assert.Equal(["1", "4", "3", "2", "5", "8", "6", "7"], _harness.Events.Started);
    }

    [Fact]
    public async Task Run_NodeWithSteps_SendsEventsInReferenceOrder()
    {
        await _harness.RunAsync(StepsPrompt());

        Assert.Equal(
            "start; cached; run 1; go 1; run 1; step 1 1/2; run 1; step 1 2/2; done 1; run out; go out; show out; done out; success",
            _harness.Events.Story
        );
    }

    [Fact]
    public async Task Run_SecondTime_ServesOutputsFromCache()
    {
        await _harness.RunAsync(StepsPrompt());
        var again = await _harness.RunAsync(StepsPrompt());

        Assert.Equal("start; cached 1,out; show out; done out; success", _harness.Events.Story);
        Assert.Equal(["2"], ExecutorHarness.Texts(again));
    }

    [Fact]
    public async Task Run_Events_HaveReferencePayloads()
    {
        await _harness.RunAsync(StepsPrompt());

        AssertJson("""{"nodes": [], "prompt_id": "run-1", "timestamp": 0}""", First<ExecutionCached>());
        AssertJson("""{"node": "1", "display_node": "1", "prompt_id": "run-1"}""", First<NodeExecuting>());
        AssertJson("""{"value": 1, "max": 2, "prompt_id": "run-1", "node": "1"}""", First<NodeProgressed>());
        AssertJson(
            """{"node": "out", "display_node": "out", "output": {"text": ["2"]}, "prompt_id": "run-1"}""",
            First<NodeExecuted>()
        );
        AssertJson(
            """
            {"prompt_id": "run-1", "nodes": {"1": {"value": 0.0, "max": 1.0, "state": "running", "node_id": "1",
             "prompt_id": "run-1", "display_node_id": "1", "parent_node_id": null, "real_node_id": "1"}}}
            """,
            First<ProgressStateChanged>()
        );
        Assert.Equal(
            """{"value":2,"max":2,"state":"finished"}""",
            PromptJson.Write(
                new JObject(
                    ((JObject)_harness.Events.Events.OfType<ProgressStateChanged>().Last().ToJson()["nodes"]!["1"]!)
                        .Properties()
                        .Take(3)
                )
            )
        );
    }

    [Fact]
    public async Task HistoryEntry_SucceededRun_HasReferenceShape()
    {
        var entry = (await _harness.RunAsync(StepsPrompt())).ToHistoryEntry(7);

        Assert.Equal(["prompt", "outputs", "status", "meta"], entry.Properties().Select(property => property.Name));
        Assert.Equal("""{"out":{"text":["2"]}}""", PromptJson.Write(entry["outputs"]!));
        Assert.Equal(
            """{"out":{"node_id":"out","display_node":"out","parent_node":null,"real_node_id":"out"}}""",
            PromptJson.Write(entry["meta"]!)
        );
        Assert.Equal("success", entry["status"]!["status_str"]);
        Assert.Equal(
            ["execution_start", "execution_cached", "execution_success"],
            entry["status"]!["messages"]!.Select(message => (string?)message[0])
        );
        Assert.Equal("""[7,"run-1"]""", PromptJson.Write(new JArray(entry["prompt"]!.Take(2))));
        Assert.Equal("""["out"]""", PromptJson.Write(entry["prompt"]![4]!));
    }

    [Fact]
    public async Task Run_PartialTargets_RunOnlyWhatTheyNeed()
    {
        var prompt = new TestPrompt();
        var shared = prompt.Add("Number", ("value", 1));
        var first = prompt.Add("Add", ("a", shared), ("b", 1));
        var second = prompt.Add("Add", ("a", shared), ("b", 2));
        prompt.AddAs("out1", "Show", ("value", first));
        prompt.AddAs("out2", "Show", ("value", second));

        var result = await _harness.RunAsync(prompt, targets: ["out2"]);

        Assert.Equal(["1", "3", "out2"], _harness.Events.Started);
        Assert.Equal(["out2"], result.Request.Outputs);
    }

    [Fact]
    public async Task Run_HiddenInputs_GiveIdPromptAndExtraInfo()
    {
        var prompt = new TestPrompt();
        prompt.AddAs("out", "Show", ("value", prompt.Add("WhoAmI")));

        Assert.Equal(["1 of 2, saved"], await _harness.ShowAsync(prompt));
    }

    [Fact]
    public async Task Run_RawLink_GivesTheLinkItself()
    {
        var prompt = new TestPrompt();
        var number = prompt.Add("Number", ("value", 1));
        prompt.AddAs("out", "Show", ("value", prompt.Add("RawLinkOf", ("link", number))));

        Assert.Equal(["#1 output 0"], await _harness.ShowAsync(prompt));
        Assert.Equal(["1", "2", "out"], _harness.Events.Started);
    }

    private static JArray Link(string id) => new(id, 0);

    private static TestPrompt StepsPrompt()
    {
        var prompt = new TestPrompt();
        prompt.AddAs("out", "Show", ("value", prompt.Add("Steps", ("count", 2))));
        return prompt;
    }

    private TEvent First<TEvent>()
        where TEvent : ExecutionEvent => _harness.Events.Events.OfType<TEvent>().First();

    private static void AssertJson(string expected, ExecutionEvent happened)
    {
        var json = happened.ToJson();
        if (json.ContainsKey("timestamp"))
        {
            Assert.True((long)json["timestamp"]! > 1_700_000_000_000);
            json["timestamp"] = 0;
        }
        Assert.Equal(PromptJson.Write(PromptJson.Parse(expected)), PromptJson.Write(json));
    }
}
