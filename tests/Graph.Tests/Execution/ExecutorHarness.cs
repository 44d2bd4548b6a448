using Newtonsoft.Json.Linq;
using NodeHost.Graph.Caching;
using NodeHost.Graph.Contracts;
using NodeHost.Graph.Execution;
using NodeHost.Graph.Validation;
using NodeHost.Graph.Workflows;

namespace NodeHost.Graph.Tests.Execution;

/// <summary>Validates and runs prompts the way the server does.</summary>
internal sealed class ExecutorHarness : IDisposable
{
    private readonly PromptExecutor _executor;
    private readonly PromptValidator _validator;
    private int _count;

    public ExecutorHarness(Func<IValueLifetime, IResultCache>? cache = null)
    {
        Lifetime = new();
        World = new();
        _validator = new(TestNodes.Catalogue, World);
        _executor = new(
            TestNodes.Catalogue,
            new()
            {
                Services = World,
                Lifetime = Lifetime,
                Cache = cache?.Invoke(Lifetime),
                OnOutOfMemory = () => "Use less.",
            }
        );
    }

    public TestNodes.World World { get; }

    public CountingLifetime Lifetime { get; }

    public EventRecorder Events { get; private set; } = new();

    public static string[] Texts(RunResult result, string nodeId = "out") =>
        [.. result.Displays.Single(ui => ui.NodeId == nodeId).Output["text"]!.Values<string>().Select(text => text!)];

    public async Task<RunResult> RunAsync(
        TestPrompt prompt,
        EventRecorder? events = null,
        string[]? targets = null,
        CancellationToken cancellationToken = default
    )
    {
        var validation = await _validator.ValidateAsync(
            new PromptRequest((JObject)prompt.Json.DeepClone())
            {
                PartialExecutionTargets = targets,
                ExtraData = new() { ["extra_pnginfo"] = new JObject { ["workflow"] = "saved" } },
            }
        );
        Assert.True(validation.Accepted, validation.ToResponseJson().ToString());
        Events = events ?? new();
        return await _executor.RunAsync(RunRequest.From(validation, $"run-{++_count}"), Events, cancellationToken);
    }

    /// <summary>Runs a prompt that has to succeed and gives what the node "out" showed.</summary>
    public async Task<string[]> ShowAsync(TestPrompt prompt)
    {
        var result = await RunAsync(prompt);
        Assert.True(result.Status == RunStatus.Succeeded, result.Error?.ExceptionMessage);
        return Texts(result);
    }

    public void ClearCache() => _executor.ClearCache();

    public void Dispose() => _executor.Dispose();
}
