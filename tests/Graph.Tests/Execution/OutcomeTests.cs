using NodeHost.Graph.Caching;
using NodeHost.Graph.Events;
using NodeHost.Graph.Execution;

namespace NodeHost.Graph.Tests.Execution;

public sealed class OutcomeTests : IDisposable
{
    private readonly ExecutorHarness _harness = new();

    public void Dispose() => _harness.Dispose();

    [Fact]
    public async Task Run_FailingNode_IsReportedWithItsInputs()
    {
        var prompt = new TestPrompt();
        var number = prompt.Add("Number", ("value", 5));
        prompt.AddAs("out", "Show", ("value", prompt.Add("Fail", ("value", number), ("text", "broken"))));

        var result = await _harness.RunAsync(prompt);

        Assert.Equal("start; cached; run 1; go 1; done 1; run 2; go 2; error 2", _harness.Events.Story);
        var data = _harness.Events.Events.OfType<ExecutionFailed>().Single().ToJson();
        Assert.Equal(
            [
                "prompt_id",
                "node_id",
                "node_type",
                "executed",
                "exception_message",
                "exception_type",
                "traceback",
                "current_inputs",
                "current_outputs",
                "timestamp",
            ],
            data.Properties().Select(property => property.Name)
        );
        Assert.Equal(("Fail", "broken\n"), ((string?)data["node_type"], (string?)data["exception_message"]));
        Assert.Equal(
            """{"value":[5],"text":["broken"]}""",
            data["current_inputs"]!.ToString(Newtonsoft.Json.Formatting.None)
        );
        Assert.Equal("""["1","2","out"]""", data["current_outputs"]!.ToString(Newtonsoft.Json.Formatting.None));
        Assert.Equal("""["1"]""", data["executed"]!.ToString(Newtonsoft.Json.Formatting.None));
        var status = result.ToHistoryEntry(0)["status"]!;
        Assert.Equal(("error", false), ((string?)status["status_str"], (bool)status["completed"]!));
        Assert.Equal("execution_error", status["messages"]![2]![0]);
    }

    [Fact]
    public async Task Run_AfterFailure_KeepsWhatHadRun()
    {
        var prompt = new TestPrompt();
        var number = prompt.Add("Number", ("value", 5));
        prompt.AddAs("out", "Show", ("value", prompt.Add("Fail", ("value", number), ("text", "broken"))));
        await _harness.RunAsync(prompt);

        await _harness.RunAsync(prompt);

        Assert.Equal(["1"], _harness.Events.Cached);
    }

    [Fact]
    public async Task Run_ValueOfWrongType_NamesNodeInputExpectedAndGiven()
    {
        var prompt = new TestPrompt();
        prompt.AddAs("out", "ShowTracked", ("tracked", "a text where a value belongs"));

        var result = await _harness.RunAsync(prompt);

        Assert.Equal(
            "ShowTracked #out, input 'tracked': expected TRACKED (Tracked), got String.\n",
            result.Error!.ExceptionMessage
        );
        Assert.Equal("tracked", result.Error.InputName);
    }

    [Fact]
    public async Task Run_ConnectionOfWrongType_NamesTheSource()
    {
        // Validation lets a wildcard through; the value then does not fit.
        var prompt = new TestPrompt();
        var any = prompt.Add("PassOn", ("value", "text"));
        prompt.AddAs("out", "ShowTracked", ("tracked", any), ("fails", false));

        var result = await _harness.RunAsync(prompt);

        Assert.Equal(
            "ShowTracked #out, input 'tracked': expected TRACKED (Tracked), got String. "
                + "It is * from PassOn #1 output 0; connect one of the expected type.\n",
            result.Error!.ExceptionMessage
        );
    }

    [Fact]
    public async Task Run_OutOfMemory_IsAnOutcomeWithAdvice()
    {
        var prompt = new TestPrompt();
        prompt.AddAs("out", "Show", ("value", prompt.Add("OutOfMemory")));

        var result = await _harness.RunAsync(prompt);

        Assert.True(result.Error!.IsOutOfMemory);
        Assert.Equal("too big\nUse less.", result.Error.ExceptionMessage);
    }

    [Fact]
    public async Task Run_InterruptedInAStep_StopsThere()
    {
        using var interrupt = new CancellationTokenSource();
        var events = new EventRecorder
        {
            On = happened =>
            {
                if (happened is NodeProgressed { Value: var value } && (int)value == 3)
                {
                    interrupt.Cancel();
                }
            },
        };
        var prompt = new TestPrompt();
        prompt.AddAs("out", "Show", ("value", prompt.AddAs("steps", "Steps", ("count", 100))));

        var result = await _harness.RunAsync(prompt, events, cancellationToken: interrupt.Token);

        Assert.Equal(RunStatus.Interrupted, result.Status);
        Assert.Equal(3, events.Events.OfType<NodeProgressed>().Count());
        var data = events.Events.OfType<ExecutionInterrupted>().Single().ToJson();
        Assert.Equal(("steps", "Steps"), ((string?)data["node_id"], (string?)data["node_type"]));
        var status = result.ToHistoryEntry(0)["status"]!;
        Assert.Equal(("error", false), ((string?)status["status_str"], (bool)status["completed"]!));
        Assert.Equal("execution_interrupted", status["messages"]![2]![0]);
    }

    [Fact]
    public async Task Run_LinkOfUndeclaredInputToNothing_FailsProperly()
    {
        var prompt = new TestPrompt();
        prompt.AddAs(
            "out",
            "Show",
            ("value", prompt.Add("Number", ("value", 1), ("undeclared", TestPrompt.Slot(["99", 0], 0))))
        );

        var result = await _harness.RunAsync(prompt);

        Assert.Equal("Node 99 not found\n", result.Error!.ExceptionMessage);
    }

    [Fact]
    public async Task Run_CycleThroughUndeclaredInput_FailsProperly()
    {
        var prompt = new TestPrompt();
        prompt.AddAs("1", "Number", ("value", 1), ("undeclared", TestPrompt.Slot(["2", 0], 0)));
        prompt.AddAs("2", "Number", ("value", 1), ("undeclared", TestPrompt.Slot(["1", 0], 0)));
        prompt.AddAs("out", "Show", ("value", TestPrompt.Slot(["2", 0], 0)));

        var result = await _harness.RunAsync(prompt);

        Assert.Equal("comfy_execution.graph.DependencyCycleError", result.Error!.ExceptionType);
        Assert.Contains("Number #1", result.Error.ExceptionMessage);
        Assert.Contains("Number #2", result.Error.ExceptionMessage);
    }

    [Theory]
    [InlineData("classic")]
    [InlineData("none")]
    [InlineData("bytes")]
    public async Task Run_ChainOfFiveThousand_RunsAndIsCached(string cache)
    {
        using var harness = new ExecutorHarness(lifetime =>
            cache switch
            {
                "classic" => new ClassicCache(lifetime),
                "none" => new NoCache(),
                _ => new ByteBudgetCache(lifetime, 1L << 30),
            }
        );
        var prompt = new TestPrompt();
        var link = prompt.Add("Number", ("value", 0));
        for (var index = 0; index < 5000; index++)
        {
            link = prompt.Add("Add", ("a", link), ("b", 1));
        }
        prompt.AddAs("out", "Show", ("value", link));
        await harness.ShowAsync(prompt);

        var watch = System.Diagnostics.Stopwatch.StartNew();
        Assert.Equal(["5000"], await harness.ShowAsync(prompt));

        Assert.Equal(cache == "none" ? 5002 : 0, harness.Events.Started.Count);
        Assert.True(watch.ElapsedMilliseconds < 5000, $"took {watch.ElapsedMilliseconds} ms");
    }

    [Fact]
    public async Task Run_FanOfFiveThousand_Runs()
    {
        var prompt = new TestPrompt();
        var source = prompt.Add("Number", ("value", 1));
        for (var index = 0; index < 5000; index++)
        {
            prompt.Add("Show", ("value", prompt.Add("Add", ("a", source), ("b", index))));
        }

        Assert.Equal(5000, (await _harness.RunAsync(prompt)).Displays.Count);
    }
}
