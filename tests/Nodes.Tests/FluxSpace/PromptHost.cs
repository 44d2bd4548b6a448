using Newtonsoft.Json;
using Newtonsoft.Json.Linq;
using NodeHost.Diffusion.FluxSpace.Numpy;
using NodeHost.Diffusion.Models;
using NodeHost.Graph.Catalogue;
using NodeHost.Graph.Events;
using NodeHost.Graph.Execution;
using NodeHost.Graph.Validation;
using NodeHost.Nodes;
using NodeHost.Nodes.Files;
using NodeHost.Tensors;
using NodeHost.Tensors.Safetensors;
using NodeHost.Tests.Shared;

namespace NodeHost.Tests.Nodes.FluxSpace;

/// <summary>Runs prompts on the tiny models that ship with NodeHost, as a server does: with a cache, one after the other.</summary>
internal sealed class PromptHost : IExecutionEvents, IForwardObserver, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly NodeCatalogue _catalogue = NodePack.CreateCatalogue();
    private readonly NodePackServices _services;
    private readonly PromptExecutor _executor;

    public PromptHost(Device? device = null)
    {
        _services = NodePack.CreateServices(
            new FolderLayout
            {
                Models = Repository.Model(""),
                Input = Path.Combine(_folder.Path, "input"),
                Output = Path.Combine(_folder.Path, "output"),
                Temp = Path.Combine(_folder.Path, "temp"),
            },
            new NodePackOptions { Observer = this, Device = device ?? Device.Cpu }
        );
        _executor = new PromptExecutor(
            _catalogue,
            new ExecutorOptions
            {
                Services = _services,
                Lifetime = new TensorLifetime(),
                Scope = new TensorNodeScope(),
            }
        );
    }

    /// <summary>Warnings of the last run, by node.</summary>
    public List<(string Node, string Message)> Warnings { get; } = [];

    /// <summary>Modes of the forward passes of the last run.</summary>
    public List<string> Modes { get; } = [];

    public Action? BeforeFirstForward { get; set; }

    /// <summary>A path in the output folder.</summary>
    public string OutputFile(string relative) => Path.Combine(_folder.Path, "output", relative);

    /// <summary>Puts an npz file into the output folder.</summary>
    public void WriteArrays(string name, params (string Name, NumpyArray Array)[] members)
    {
        Directory.CreateDirectory(OutputFile(""));
        NumpyArchive.Write(OutputFile(name), members);
    }

    public async Task<RunResult> RunAsync(PromptText prompt)
    {
        Warnings.Clear();
        Modes.Clear();
        var body = new JObject { ["prompt"] = prompt.Nodes };
        var validation = await new PromptValidator(_catalogue, _services).ValidateAsync(body.ToString(Formatting.None));
        Assert.True(validation.Accepted, validation.ToResponseJson().ToString(Formatting.None));
        return await _executor.RunAsync(RunRequest.From(validation, "test"), this);
    }

    /// <summary>The latent that a prompt saves.</summary>
    public async Task<float[]> LatentAsync(PromptText prompt)
    {
        var result = await RunAsync(prompt);
        Assert.True(result.Status == RunStatus.Succeeded, $"{result.Error?.NodeId}: {result.Error?.ExceptionMessage}");
        var file = result.Displays.Single(ui => ui.Output["latents"] is not null).Output["latents"]![0]!;
        using var saved = SafetensorsFile.Open(
            OutputFile(Path.Combine((string)file["subfolder"]!, (string)file["filename"]!))
        );
        using var latent = saved.Load("latent_tensor");
        return latent.ToArray<float>();
    }

    /// <summary>The message of a run that has to fail, and the node it failed in.</summary>
    public async Task<(string Node, string Message)> FailureAsync(PromptText prompt)
    {
        var result = await RunAsync(prompt);
        Assert.Equal(RunStatus.Failed, result.Status);
        return (result.Error!.NodeId, result.Error.ExceptionMessage);
    }

    public void Publish(ExecutionEvent happened)
    {
        if (happened is NodeWarned warned)
        {
            Warnings.Add((warned.NodeId, warned.Message));
        }
    }

    public void Observe(ForwardRecord forward)
    {
        if (Modes.Count == 0)
        {
            BeforeFirstForward?.Invoke();
        }
        Modes.Add(forward.Mode);
    }

    public void Dispose()
    {
        _executor.Dispose();
        _services.Dispose();
        _folder.Dispose();
    }
}
