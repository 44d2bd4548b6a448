using NodeHost.Images;

namespace NodeHost.Tests.EndToEnd;

/// <summary>Every file in <c>workflows/</c> renders, in both formats.</summary>
public sealed class WorkflowTests
{
    public static TheoryData<string> All => [.. Workflows.Api, .. Workflows.Canvas];

    [Theory]
    [MemberData(nameof(All))]
    public async Task Render_EveryExampleWorkflow_GivesAPictureWithContrast(string workflow)
    {
        using var folder = new TemporaryFolder();
        using var process = new RenderProcess([
            "render",
            Path.Combine(Workflows.Folder, workflow),
            "--input",
            Path.Combine(Workflows.Folder, "input"),
            "--output",
            folder.Path,
            .. Workflows.OnTinyModel(workflow).SelectMany(text => new[] { "--set", text }),
        ]);
        var outcome = await process.WaitAsync();

        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Errors));
        Assert.NotEmpty(outcome.Files);
        foreach (var path in outcome.Files.Select(file => (string)file["path"]!))
        {
            var picture = ImageDecoder.DecodeFile(path).Frames[0];
            Assert.True(picture.Data.Max() - picture.Data.Min() > 20, $"{path} is flat");
        }
    }
}
