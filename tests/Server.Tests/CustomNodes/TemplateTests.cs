using System.Diagnostics;
using System.Net;
using Newtonsoft.Json.Linq;
using NodeHost.Images;
using NodeHost.Tests.Shared;

namespace NodeHost.Tests.Server.CustomNodes;

/// <summary>The template of <c>docs/</c>, built as its page says and loaded by a server.</summary>
public sealed class TemplateTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Template_BuiltIntoAPack_BringsNodesThatRun()
    {
        Build(_folder.File("custom_nodes/sample"));
        Directory.CreateDirectory(_folder.File("custom_nodes/broken"));
        File.WriteAllText(_folder.File("custom_nodes/broken/broken.dll"), "no assembly");
        await using var server = await ServerProcess.StartInAsync(_folder.Path);

        var info = (JObject)await server.Http.GetJsonAsync("/object_info/RepeatText");
        Assert.Equal("custom_nodes.sample", (string?)info["RepeatText"]!["python_module"]);
        Assert.Equal("Repeat Text", (string?)info["RepeatText"]!["display_name"]);
        Assert.Equal("[\"/extensions/sample/custom-nodes.js\"]", await server.Http.GetStringAsync("/extensions"));
        using var script = await server.Http.GetAsync("/extensions/sample/custom-nodes.js");
        Assert.Equal(HttpStatusCode.OK, script.StatusCode);
        Assert.Contains("custom_nodes/broken: skipped", server.Errors, StringComparison.Ordinal);

        using var answer = await server.Http.PostTextAsync(
            "/prompt?wait=true",
            """
            {"prompt": {
                "1": {"class_type": "RepeatText", "inputs": {"text": "ab", "times": 3}},
                "2": {"class_type": "PreviewAny", "inputs": {"source": ["1", 0]}},
                "3": {"class_type": "EmptyImage", "inputs": {"width": 16, "height": 16, "batch_size": 1, "color": 16777215}},
                "4": {"class_type": "ImageBrightness", "inputs": {"image": ["3", 0], "factor": 0.5}},
                "5": {"class_type": "PreviewImage", "inputs": {"images": ["4", 0]}}
            }}
            """
        );
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.OK, text);
        Assert.Contains("ababab", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Template_BesideAWorkflow_IsUsedByRenderToo()
    {
        Build(_folder.File("custom_nodes/sample"));
        File.WriteAllText(
            _folder.File("workflow.json"),
            """
            {
                "1": {"class_type": "EmptyImage", "inputs": {"width": 16, "height": 16, "batch_size": 1, "color": 16777215}},
                "2": {"class_type": "ImageBrightness", "inputs": {"image": ["1", 0], "factor": 0.5}},
                "3": {"class_type": "SaveImage", "inputs": {"images": ["2", 0], "filename_prefix": "dark"}}
            }
            """
        );
        var start = new ProcessStartInfo("dotnet")
        {
            WorkingDirectory = _folder.Path,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (
            var argument in (string[])
                [Path.Combine(AppContext.BaseDirectory, "NodeHost.dll"), "render", "workflow.json"]
        )
        {
            start.ArgumentList.Add(argument);
        }
        using var render = Process.Start(start)!;
        var errors = await render.StandardError.ReadToEndAsync();
        await render.WaitForExitAsync();
        Assert.True(render.ExitCode == 0, errors);
        var picture = ImageDecoder.DecodeFile(_folder.File("output/dark_00001_.png"));
        Assert.Equal(127, picture.Frames[0].Data[0]);
    }

    private void Build(string target)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            WorkingDirectory = Path.Combine(Repository.Root, "docs", "custom-node-template"),
            RedirectStandardOutput = true,
        };
        // Its intermediate files go beside its result, not into the repository.
        string[] arguments =
        [
            "build",
            "-nologo",
            "-v",
            "quiet",
            "-nodeReuse:false",
            $"-p:NodeHostDirectory={AppContext.BaseDirectory}",
            $"-p:BaseIntermediateOutputPath={_folder.File("obj")}/",
            "-o",
            target,
        ];
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }
        using var build = Process.Start(start)!;
        var output = build.StandardOutput.ReadToEnd();
        build.WaitForExit();
        Assert.True(build.ExitCode == 0, output);
    }
}
