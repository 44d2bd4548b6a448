using System.Globalization;
using Newtonsoft.Json.Linq;
using NodeHost.Graph.Execution;
using NodeHost.Graph.Validation;
using NodeHost.Images;
using NodeHost.Nodes;
using NodeHost.Nodes.Files;
using NodeHost.Tensors;
using NodeHost.Tests.EndToEnd;
using NodeHost.Tests.Shared;

namespace NodeHost.Tests.Nodes.EndToEnd;

/// <summary>Every file in <c>workflows/</c> on a device other than the CPU, which refuses what is on the wrong one.</summary>
[AssertNoLeakedTensors]
public sealed class DeviceWorkflowTests
{
    /// <summary>Kontext works on a megapixel whatever is asked; its reference latents are in the tests of models.</summary>
    public static TheoryData<string> All => [.. Workflows.Api.Where(name => name != "flux-kontext.json")];

    [Theory]
    [MemberData(nameof(All))]
    public async Task Run_EveryExampleWorkflowOnAnotherDevice_GivesTheCpusPictures(string workflow)
    {
        var expected = await RunAsync(workflow, Device.Cpu);
        var before = TwinDevice.LiveBytes;
        TwinDevice.ResetPeak();
        var actual = await RunAsync(workflow, TwinDevice.Device);

        Assert.NotEmpty(expected);
        Assert.True(TwinDevice.PeakBytes > before, "nothing ran on the device");
        Assert.Equal(before, TwinDevice.LiveBytes);
        Assert.Equal(expected.Count, actual.Count);
        foreach (var (first, second) in expected.Zip(actual))
        {
            // Normalising in another memory layout, as on a GPU, may round one level otherwise.
            var errors = first.Zip(second, (a, b) => Math.Abs(a - b)).ToArray();
            Assert.Equal(first.Length, second.Length);
            Assert.InRange(errors.Max(), 0, 1);
            Assert.InRange(errors.Count(error => error > 0) / (double)errors.Length, 0, 0.005);
        }
    }

    /// <summary>As on a GPU: networks in half precision, everything between them in float32.</summary>
    [Theory]
    [InlineData("flux-text-to-image.json")]
    [InlineData("flux-fill.json")]
    [InlineData("flux-lora-step-gated.json")]
    [InlineData("flux-edit-four.json")]
    [InlineData("flux-edit-measure.json")]
    [InlineData("lora.json")]
    [InlineData("inpainting.json")]
    public async Task Run_InBFloat16_GivesAboutTheSamePictures(string workflow)
    {
        var exact = await RunAsync(workflow, Device.Cpu);
        var half = await RunAsync(workflow, TwinDevice.Device, DType.BFloat16);

        Assert.Equal(exact.Count, half.Count);
        var errors = exact.Zip(half).Select(pair => pair.First.Zip(pair.Second, (a, b) => Math.Abs(a - b)).Average());
        // The tiny models have random weights, which magnify rounding more than trained ones do.
        Assert.All(errors, error => Assert.InRange(error, 0.001, 40));
    }

    /// <summary>The pixels of all pictures, in the order of their files.</summary>
    private static async Task<List<byte[]>> RunAsync(string workflow, Device device, DType? type = null)
    {
        using var folder = new TemporaryFolder();
        using var services = NodePack.CreateServices(
            new FolderLayout
            {
                Models = Path.Combine(Workflows.Folder, "models"),
                Input = Path.Combine(Workflows.Folder, "input"),
                Output = folder.File("output"),
                Temp = folder.File("temp"),
            },
            new NodePackOptions { Device = device, ComputeType = type }
        );
        var catalogue = NodePack.CreateCatalogue();
        var validation = await new PromptValidator(catalogue, services).ValidateAsync(Prompt(workflow));
        Assert.True(validation.Accepted, validation.ToResponseJson().ToString());
        using var executor = new PromptExecutor(
            catalogue,
            new ExecutorOptions
            {
                Services = services,
                Lifetime = new TensorLifetime(),
                Scope = new TensorNodeScope(),
            }
        );
        var result = await executor.RunAsync(RunRequest.From(validation, "test"));

        Assert.True(
            result.Status == RunStatus.Succeeded,
            $"{result.Error?.NodeType} #{result.Error?.NodeId}: {result.Error?.ExceptionMessage}"
        );
        return
        [
            .. Directory
                .EnumerateFiles(folder.Path, "*.png", SearchOption.AllDirectories)
                .Order(StringComparer.Ordinal)
                .Select(path => ImageDecoder.DecodeFile(path).Frames[0].Data),
        ];
    }

    private static string Prompt(string workflow)
    {
        var prompt = JObject.Parse(File.ReadAllText(Path.Combine(Workflows.Folder, workflow)));
        foreach (var text in Workflows.OnTinyModel(workflow))
        {
            var (target, value) = (text[..text.IndexOf('=')], text[(text.IndexOf('=') + 1)..]);
            var (node, input) = (target[..target.IndexOf('.')], target[(target.IndexOf('.') + 1)..]);
            prompt[node]!["inputs"]![input] = long.TryParse(value, CultureInfo.InvariantCulture, out var number)
                ? number
                : value;
        }
        return new JObject { ["prompt"] = prompt }.ToString();
    }
}
