using NodeHost.Graph.Catalogue;
using NodeHost.Graph.Contracts;
using NodeHost.Graph.Execution;
using NodeHost.Graph.Validation;
using NodeHost.Nodes;
using NodeHost.Nodes.Values;
using NodeHost.Tensors;
using NodeHost.Tests.Nodes.EndToEnd;
using NodeHost.Tests.Shared;

namespace NodeHost.Tests.Nodes.Documentation;

/// <summary>What the documentation shows is what is compiled, and what there is.</summary>
public sealed class DocumentationTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "docs");

    [Fact]
    public void WritingANode_Sample_IsTheCompiledFile()
    {
        var page = File.ReadAllText(Path.Combine(Folder, "writing-a-node.md"));
        var compiled = File.ReadAllText(
            Path.Combine(Repository.Root, "tests", "Nodes.Tests", "Documentation", "ImageBrightness.cs")
        );

        var start = page.IndexOf("```csharp\n", StringComparison.Ordinal) + "```csharp\n".Length;
        var shown = page[start..page.IndexOf("```", start, StringComparison.Ordinal)];

        Assert.Equal(compiled.Trim(), shown.Trim());
    }

    [Fact]
    public void WritingANode_SampleNode_RunsAsAClass()
    {
        using var scope = new TensorScope();
        var picture = new Image(Tensor.From([0.1f, 0.2f, 0.9f], 1, 1, 1, 3));

        var (image, mean) = new ImageBrightness { Image = picture, Factor = 2 }.Execute(new NodeContext());

        Assert.Equal([0.2f, 0.4f, 1f], image.Pixels.ToArray<float>());
        Assert.Equal((0.2 + 0.4 + 1) / 3, mean, 1e-6);
    }

    [Fact]
    public async Task WritingANode_SampleNode_RunsInAGraph()
    {
        var catalogue = new NodeCatalogue(
            [typeof(NodePack).Assembly, typeof(ImageBrightness).Assembly],
            NodeSocketTypes.Create()
        );
        var services = new TestServices();
        const string body = """
            {"prompt": {
              "1": {"class_type": "EmptyImage", "inputs": {"width": 8, "height": 8, "batch_size": 1, "color": 4210752}},
              "2": {"class_type": "ImageBrightness", "inputs": {"image": ["1", 0], "factor": 2.0, "overflow": "clip"}},
              "3": {"class_type": "PreviewAny", "inputs": {"source": ["2", 1]}}
            }}
            """;
        var validation = await new PromptValidator(catalogue, services).ValidateAsync(body);
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

        Assert.Equal(RunStatus.Succeeded, result.Status);
        var shown = (string)result.Displays.Single(ui => ui.NodeId == "3").Output["text"]![0]!;
        // 0x40 of 255, doubled.
        Assert.Equal(2 * 64 / 255.0, double.Parse(shown, System.Globalization.CultureInfo.InvariantCulture), 1e-5);
    }

    [Fact]
    public void NodesPage_AgainstTheCatalogue_IsUpToDate()
    {
        const string command = "./run nodes --markdown > docs/nodes.md";

        var expected = NodeIndexWriter.Write(NodePack.CreateCatalogue(), command);

        Assert.True(
            expected == File.ReadAllText(Path.Combine(Folder, "nodes.md")),
            $"docs/nodes.md is not what the catalogue gives. Write it anew: {command}"
        );
    }

    [Fact]
    public void NodesPage_EveryNode_HasASentence()
    {
        var rows = NodeIndexWriter
            .Write(NodePack.CreateCatalogue(), "")
            .Split('\n')
            .Where(line =>
                line.StartsWith("| ", StringComparison.Ordinal)
                && !line.StartsWith("| node |", StringComparison.Ordinal)
            );

        Assert.All(rows, row => Assert.False(string.IsNullOrWhiteSpace(row.Split('|')[2]), row));
    }
}
