using Newtonsoft.Json.Linq;
using NodeHost.Graph.Catalogue;
using NodeHost.Graph.Events;
using NodeHost.Graph.Execution;
using NodeHost.Graph.Validation;
using NodeHost.Nodes;
using NodeHost.Nodes.Files;
using NodeHost.Tests.Shared;

namespace NodeHost.Benchmarks.Prompts;

/// <summary>NodeHost in process, with the tiny SD1.5 that ships with it.</summary>
internal sealed class TinyHost : IDisposable
{
    private const string Checkpoint = "nodehost-tiny-sd15.safetensors";

    private readonly string _folder = Directory.CreateTempSubdirectory("nodehost-bench-").FullName;
    private readonly NodeCatalogue _catalogue = NodePack.CreateCatalogue();
    private readonly NodePackServices _services;
    private readonly PromptExecutor _executor;

    public TinyHost()
    {
        _services = NodePack.CreateServices(
            new FolderLayout
            {
                Models = Repository.Model(""),
                Input = _folder,
                Output = _folder,
                Temp = _folder,
            }
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

    /// <summary>Text to a 128x128 picture: euler, normal, cfg 7, as in the golden data's timings.</summary>
    public void Render(int steps, long seed, IExecutionEvents? events = null)
    {
        var prompt = new JObject
        {
            ["1"] = Node("CheckpointLoaderSimple", ("ckpt_name", Checkpoint)),
            ["2"] = Node("CLIPTextEncode", ("text", "a lighthouse at dawn"), ("clip", Link("1", 1))),
            ["3"] = Node("CLIPTextEncode", ("text", "blurry"), ("clip", Link("1", 1))),
            ["4"] = Node("EmptyLatentImage", ("width", 128), ("height", 128), ("batch_size", 1)),
            ["5"] = Node(
                "KSampler",
                ("model", Link("1", 0)),
                ("seed", seed),
                ("steps", steps),
                ("cfg", 7.0),
                ("sampler_name", "euler"),
                ("scheduler", "normal"),
                ("positive", Link("2", 0)),
                ("negative", Link("3", 0)),
                ("latent_image", Link("4", 0)),
                ("denoise", 1.0)
            ),
            ["6"] = Node("VAEDecode", ("samples", Link("5", 0)), ("vae", Link("1", 2))),
            ["7"] = Node("SaveImage", ("images", Link("6", 0)), ("filename_prefix", "bench")),
        };
        var body = new JObject { ["prompt"] = prompt }.ToString();
        var validation = new PromptValidator(_catalogue, _services).ValidateAsync(body).GetAwaiter().GetResult();
        if (!validation.Accepted)
        {
            throw new InvalidOperationException($"The benchmark's prompt was refused: {validation.ToResponseJson()}");
        }
        var result = _executor.RunAsync(RunRequest.From(validation, "bench"), events).GetAwaiter().GetResult();
        if (result.Status != RunStatus.Succeeded)
        {
            throw new InvalidOperationException($"The benchmark's prompt failed: {result.Error?.ExceptionMessage}");
        }
    }

    public void Dispose()
    {
        _executor.Dispose();
        _services.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static JObject Node(string classType, params (string Name, JToken Value)[] inputs) =>
        new()
        {
            ["class_type"] = classType,
            ["inputs"] = new JObject(inputs.Select(input => new JProperty(input.Name, input.Value))),
        };

    private static JArray Link(string node, int slot) => [node, slot];
}
