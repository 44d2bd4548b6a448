namespace NodeHost.Tests.Server.Folders;

/// <summary><c>extra_model_paths.yaml</c> at the start of a server.</summary>
public sealed class ModelFoldersTests
{
    [Fact]
    public async Task Start_WithAYamlBesideIt_ListsItsModels()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("elsewhere/sub"));
        File.WriteAllText(folder.File("elsewhere/sub/x.safetensors"), "");
        File.WriteAllText(
            folder.File("extra_model_paths.yaml"),
            "other:\n  base_path: elsewhere\n  gligen: |\n    sub\n    none\n  own_kind: sub\n"
        );
        await using var server = await ServerProcess.StartInAsync(folder.Path);
        Assert.Equal("[\"x.safetensors\"]", await server.Http.GetStringAsync("/models/gligen"));
        Assert.Equal("[\"x.safetensors\"]", await server.Http.GetStringAsync("/models/own_kind"));

        File.WriteAllText(folder.File("elsewhere/sub/y.safetensors"), "");
        Assert.Equal("[\"x.safetensors\",\"y.safetensors\"]", await server.Http.GetStringAsync("/models/gligen"));
    }

    [Fact]
    public async Task Start_WithAMistakeInTheYaml_NamesTheLine()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("extra_model_paths.yaml"), "other:\n  vae: [a]\n");
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => ServerProcess.StartInAsync(folder.Path));
        Assert.Contains("ended with 2", error.Message, StringComparison.Ordinal);
        Assert.Contains("extra_model_paths.yaml, line 2", error.Message, StringComparison.Ordinal);
    }
}
