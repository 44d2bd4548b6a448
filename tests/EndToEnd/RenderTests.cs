using Newtonsoft.Json.Linq;
using NodeHost.Images.Png;

namespace NodeHost.Tests.EndToEnd;

/// <summary><c>./run render</c> as a user runs it, on the tiny model that ships.</summary>
public sealed class RenderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Output => _folder.File("output");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Render_TextToImage_WritesAPictureThatCarriesItsWorkflow()
    {
        var outcome = await RenderAsync("text-to-image.json", Small);

        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Errors));
        var line = Assert.Single(outcome.Files);
        Assert.Equal(["node", "type", "subfolder", "filename", "path"], line.Properties().Select(p => p.Name));
        Assert.Equal("text-to-image_00001_.png", (string?)line["filename"]);
        var texts = PngTextChunks.Read(await File.ReadAllBytesAsync((string)line["path"]!));
        var prompt = JObject.Parse(texts.Single(text => text.Keyword == "prompt").Text);
        Assert.Equal(64, (int)prompt["4"]!["inputs"]!["width"]!);
    }

    [Fact]
    public async Task Render_NodeThatIsVerbose_SpeaksOnStderr()
    {
        var outcome = await RenderAsync(
            "flux-edit-pair.json",
            [.. Workflows.OnTinyModel("flux-edit-pair.json"), "22.verbose=true", "22.start_percent=0"]
        );

        Assert.Equal(0, outcome.ExitCode);
        Assert.Contains("FluxSpaceEditPair #22: step 1, sigma ", outcome.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Render_SameSeedTwice_GivesTheSameBytes_AndAnotherSeedAnotherPicture()
    {
        var first = await RenderAsync("text-to-image.json", Small);
        var second = await RenderAsync("text-to-image.json", Small);
        var third = await RenderAsync("text-to-image.json", [.. Small, "5.seed=18446744073709551615"]);

        var pictures = new[] { first, second, third }
            .Select(run => ReadPixels((string)run.Files[0]["path"]!))
            .ToArray();
        Assert.Equal(pictures[0], pictures[1]);
        Assert.NotEqual(pictures[0], pictures[2]);
        Assert.Equal("text-to-image_00002_.png", (string?)second.Files[0]["filename"]);
    }

    [Fact]
    public async Task Render_BudgetSmallerThanTheModels_GivesTheSameBytes()
    {
        var whole = await RenderAsync("text-to-image.json", Small);
        using var process = new RenderProcess([.. Arguments("text-to-image.json", Small), "--memory-budget", "200K"]);
        var streamed = await process.WaitAsync();

        Assert.Equal((0, ""), (streamed.ExitCode, streamed.Errors));
        Assert.Equal(ReadPixels((string)whole.Files[0]["path"]!), ReadPixels((string)streamed.Files[0]["path"]!));
    }

    [Theory]
    [InlineData("lots")]
    [InlineData("-1G")]
    [InlineData("8X")]
    [InlineData("1e30")]
    public async Task Render_BudgetThatIsNoNumberOfBytes_IsBadUsage(string budget)
    {
        using var process = new RenderProcess("render", "any.json", $"--memory-budget={budget}");
        var outcome = await process.WaitAsync();

        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains($"expected bytes such as 8G, 500M or 4000000000, got '{budget}'", outcome.Errors);
    }

    [Theory]
    [InlineData("gpu", "expected cpu, cuda or cuda:N, got 'gpu'")]
    [InlineData("cuda:77", "has no device 'cuda:77' here")]
    public async Task Render_DeviceThatIsNotThere_IsBadUsage(string device, string expected)
    {
        using var process = new RenderProcess("render", "any.json", $"--device={device}");
        var outcome = await process.WaitAsync();

        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains(expected, outcome.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("5.steps=many", "expected an integer")]
    [InlineData("5.cfg=high", "expected a number")]
    [InlineData("5.model=1", "expected a link")]
    [InlineData("5.colour=red", "has no input 'colour'")]
    [InlineData("99.seed=1", "no node with id or title '99'")]
    [InlineData("seed", "expected NODE.INPUT=VALUE")]
    public async Task Render_SetThatDoesNotFit_IsBadUsageAndSaysWhatFits(string set, string expected)
    {
        var outcome = await RenderAsync("text-to-image.json", [set]);

        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains(expected, outcome.Errors);
        Assert.Empty(outcome.Files);
    }

    [Fact]
    public async Task Render_SetByTitle_FindsTheNode()
    {
        var outcome = await RenderAsync("text-to-image.json", [.. Small, "Result.filename_prefix=by/title"]);

        Assert.Equal("by", (string?)outcome.Files.Single()["subfolder"]);
    }

    [Fact]
    public async Task Render_ValueOutOfBounds_IsAnInvalidWorkflow()
    {
        var outcome = await RenderAsync("text-to-image.json", [.. Small, "5.steps=0"]);

        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains("KSampler #5: Value 0 smaller than min of 1: steps", outcome.Errors);
    }

    [Fact]
    public async Task Render_MissingModel_NamesTheFileAndWhatThereIs()
    {
        var outcome = await RenderAsync("text-to-image.json", ["1.ckpt_name=absent.safetensors"]);

        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains("CheckpointLoaderSimple #1", outcome.Errors);
        Assert.Contains("'absent.safetensors' not in", outcome.Errors);
        Assert.Contains("nodehost-tiny-sd15.safetensors", outcome.Errors);
    }

    [Fact]
    public async Task Render_ComfyUiFolder_UsesItsModelsAndPictures()
    {
        var shipped = Path.Combine(Workflows.Folder, "models");
        Copy(
            Path.Combine(shipped, "checkpoints", "nodehost-tiny-sd15.safetensors"),
            "models/checkpoints/theirs.safetensors"
        );
        Copy(Path.Combine(Workflows.Folder, "input", "example.png"), "input/theirs.png");

        using var process = new RenderProcess(
            "render",
            Path.Combine(Workflows.Folder, "image-to-image.json"),
            "--comfyui",
            _folder.Path,
            "--output",
            Output,
            "--set",
            "1.ckpt_name=theirs.safetensors",
            "--set",
            "4.image=theirs.png",
            "--set",
            "6.steps=1"
        );
        var outcome = await process.WaitAsync();

        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Errors));
        Assert.Single(outcome.Files);
    }

    [Fact]
    public async Task Render_LatentsOfAnotherFamily_NamesNodeShapesAndCause()
    {
        var workflow = _folder.File("workflow.json");
        await File.WriteAllTextAsync(
            workflow,
            """
            {
              "1": {"class_type": "CheckpointLoaderSimple", "inputs": {"ckpt_name": "nodehost-tiny-sd15.safetensors"}},
              "2": {"class_type": "EmptySD3LatentImage", "inputs": {"width": 64, "height": 64, "batch_size": 1}},
              "3": {"class_type": "VAEDecode", "inputs": {"samples": ["2", 0], "vae": ["1", 2]}},
              "4": {"class_type": "SaveImage", "inputs": {"images": ["3", 0], "filename_prefix": "x"}}
            }
            """
        );
        using var process = new RenderProcess("render", workflow, "--output", Output);
        var outcome = await process.WaitAsync();

        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains("VAEDecode #3", outcome.Errors);
        Assert.Contains("expected a latent [B, 4, h, w], got [1, 16, 8, 8]", outcome.Errors);
    }

    [Fact]
    public async Task Render_MoreMemoryThanThereIs_FailsWithAdvice()
    {
        var workflow = _folder.File("workflow.json");
        await File.WriteAllTextAsync(
            workflow,
            """
            {
              "1": {"class_type": "EmptyLatentImage", "inputs": {"width": 16384, "height": 16384, "batch_size": 4096}},
              "2": {"class_type": "SaveLatent", "inputs": {"samples": ["1", 0], "filename_prefix": "x"}}
            }
            """
        );
        using var process = new RenderProcess("render", workflow, "--output", Output);
        var outcome = await process.WaitAsync();

        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains("EmptyLatentImage #1", outcome.Errors);
        Assert.Contains("out of memory", outcome.Errors);
        Assert.Contains("smaller size or batch", outcome.Errors);
    }

    [Fact]
    public async Task Render_NoSuchFile_IsBadUsage()
    {
        using var process = new RenderProcess("render", _folder.File("absent.json"));
        var outcome = await process.WaitAsync();

        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains("absent.json: cannot be read", outcome.Errors);
    }

    [Theory]
    [InlineData("{", "not valid JSON")]
    [InlineData("[]", "expected a workflow")]
    [InlineData("{\"1\":{\"class_type\":\"NoSuchNode\",\"inputs\":{}}}", "node NoSuchNode does not exist")]
    [InlineData(
        "{\"version\":0.4,\"nodes\":[{\"id\":7,\"type\":\"NoSuchNode\",\"title\":\"Mine\"}],\"links\":[]}",
        "node #7 ('Mine'): its class NoSuchNode does not exist"
    )]
    public async Task Render_FileThatIsNoWorkflow_IsRefusedWithTheReason(string text, string expected)
    {
        var path = _folder.File("workflow.json");
        await File.WriteAllTextAsync(path, text);
        using var process = new RenderProcess("render", path);
        var outcome = await process.WaitAsync();

        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains(expected, outcome.Errors);
    }

    [Fact]
    public async Task Render_CanvasFile_SavesAPictureThatCarriesTheCanvas_AndRendersAgain()
    {
        var path = _folder.File("canvas.json");
        const string canvas = """
            {"version": 0.4, "nodes": [
              {"id": 1, "type": "EmptyImage", "outputs": [{"name": "IMAGE", "type": "IMAGE", "links": [1]}],
               "widgets_values": [16, 8, 1, 255]},
              {"id": 2, "type": "Reroute", "inputs": [{"name": "", "type": "*", "link": 1}],
               "outputs": [{"name": "IMAGE", "type": "IMAGE", "links": [2]}]},
              {"id": 3, "type": "SaveImage", "inputs": [{"name": "images", "type": "IMAGE", "link": 2}],
               "widgets_values": ["drawn"]}],
             "links": [[1, 1, 0, 2, 0, "*"], [2, 2, 0, 3, 0, "IMAGE"]]}
            """;
        await File.WriteAllTextAsync(path, canvas);
        using var process = new RenderProcess("render", path, "--output", Output);
        var outcome = await process.WaitAsync();

        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Errors));
        var picture = (string)Assert.Single(outcome.Files)["path"]!;
        var texts = PngTextChunks.Read(await File.ReadAllBytesAsync(picture));
        var workflow = JObject.Parse(texts.Single(text => text.Keyword == "workflow").Text);
        Assert.True(JToken.DeepEquals(JObject.Parse(canvas), workflow));

        using var second = new RenderProcess("render", picture, "--output", Output);
        var again = await second.WaitAsync();
        Assert.Equal((0, ""), (again.ExitCode, again.Errors));
        Assert.Equal("drawn_00002_.png", (string?)Assert.Single(again.Files)["filename"]);
        Assert.Equal(ReadPixels(picture), ReadPixels((string)again.Files[0]["path"]!));
    }

    [Fact]
    public async Task Render_WebPThatARunSaved_RendersAgain()
    {
        var workflow = _folder.File("animation.json");
        await File.WriteAllTextAsync(
            workflow,
            """
            {
              "1": {"class_type": "EmptyImage", "inputs": {"width": 16, "height": 8, "batch_size": 2, "color": 255}},
              "2": {"class_type": "SaveAnimatedWEBP", "inputs":
                {"images": ["1", 0], "filename_prefix": "moving", "fps": 6.0, "lossless": true, "quality": 80, "method": "default"}}
            }
            """
        );
        using var process = new RenderProcess("render", workflow, "--output", Output);
        var outcome = await process.WaitAsync();
        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Errors));

        using var second = new RenderProcess("render", (string)outcome.Files[0]["path"]!, "--output", Output);
        var again = await second.WaitAsync();

        Assert.Equal((0, ""), (again.ExitCode, again.Errors));
        Assert.Equal("moving_00002_.webp", (string?)Assert.Single(again.Files)["filename"]);
    }

    [Fact]
    public async Task Render_CutPicture_FailsAtItsNode_AndKeepsWhatWasWritten()
    {
        var whole = await File.ReadAllBytesAsync(Path.Combine(Workflows.Folder, "input", "example.png"));
        Directory.CreateDirectory(_folder.File("input"));
        await File.WriteAllBytesAsync(_folder.File("input/cut.png"), whole[..(whole.Length / 2)]);
        var workflow = _folder.File("workflow.json");
        await File.WriteAllTextAsync(
            workflow,
            """
            {
              "1": {"class_type": "EmptyImage", "inputs": {"width": 8, "height": 8, "batch_size": 1, "color": 255}},
              "2": {"class_type": "SaveImage", "inputs": {"images": ["1", 0], "filename_prefix": "first"}},
              "3": {"class_type": "LoadImage", "inputs": {"image": "cut.png"}},
              "4": {"class_type": "SaveImage", "inputs": {"images": ["3", 0], "filename_prefix": "second"}}
            }
            """
        );
        using var process = new RenderProcess("render", workflow, "--input", _folder.File("input"), "--output", Output);
        var outcome = await process.WaitAsync();

        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains("LoadImage #3", outcome.Errors);
        Assert.Contains("cut.png", outcome.Errors);
        Assert.True(File.Exists((string)Assert.Single(outcome.Files)["path"]!));
    }

    [Fact]
    public async Task Render_ControlC_StopsAtTheNextStepAndLeavesNoFile()
    {
        using var process = new RenderProcess(Arguments("text-to-image.json", [.. Small, "5.steps=10000"]));
        await Task.Delay(TimeSpan.FromSeconds(4));
        process.PressControlC();
        var outcome = await process.WaitAsync();

        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains("interrupted", outcome.Errors);
        Assert.Empty(outcome.Files);
        Assert.Empty(Directory.Exists(Output) ? Directory.GetFiles(Output, "*", SearchOption.AllDirectories) : []);
    }

    private static readonly string[] Small = [.. Workflows.OnTinyModel("text-to-image.json")];

    private async Task<RenderOutcome> RenderAsync(string workflow, string[] overrides)
    {
        using var process = new RenderProcess(Arguments(workflow, overrides));
        return await process.WaitAsync();
    }

    private string[] Arguments(string workflow, string[] overrides) =>
        [
            "render",
            Path.Combine(Workflows.Folder, workflow),
            "--output",
            Output,
            "--input",
            Path.Combine(Workflows.Folder, "input"),
            .. overrides.SelectMany(text => new[] { "--set", text }),
        ];

    private void Copy(string from, string to)
    {
        var target = _folder.File(to);
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        File.Copy(from, target);
    }

    private static byte[] ReadPixels(string path) => NodeHost.Images.ImageDecoder.DecodeFile(path).Frames[0].Data;
}
