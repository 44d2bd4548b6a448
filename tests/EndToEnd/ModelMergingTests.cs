using NodeHost.Images;
using NodeHost.Tensors.Safetensors;

namespace NodeHost.Tests.EndToEnd;

/// <summary>A checkpoint that a workflow saves is one that workflows load.</summary>
public sealed class ModelMergingTests
{
    [Fact]
    public async Task CheckpointSave_LoadedAgain_GivesTheSamePictureAndCarriesItsWorkflow()
    {
        using var folder = new TemporaryFolder();
        var mixed = await RenderAsync(folder, "merge-models.json", [.. Workflows.OnTinyModel("merge-models.json")]);
        var path = Path.Combine(folder.Path, "checkpoints", "mixed_00001_.safetensors");
        var plain = Workflows.OnTinyModel("text-to-image.json").Where(set => !set.Contains("ckpt_name"));

        var loaded = await RenderAsync(
            folder,
            "text-to-image.json",
            [.. plain, "1.ckpt_name=mixed_00001_.safetensors"],
            "--models",
            folder.Path
        );

        using var file = SafetensorsFile.Open(path);
        Assert.Equal("epsilon", file.Metadata["modelspec.predict_key"]);
        Assert.Contains("ModelMergeSimple", file.Metadata["prompt"]);
        Assert.Equal(mixed, loaded);
    }

    private static async Task<byte[]> RenderAsync(
        TemporaryFolder folder,
        string workflow,
        string[] sets,
        params string[] arguments
    )
    {
        using var process = new RenderProcess([
            "render",
            Path.Combine(Workflows.Folder, workflow),
            "--output",
            folder.Path,
            .. arguments,
            .. sets.SelectMany(set => new[] { "--set", set }),
        ]);
        var outcome = await process.WaitAsync();
        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Errors));
        return ImageDecoder.DecodeFile((string)outcome.Files.Single()["path"]!).Frames[0].Data;
    }
}
