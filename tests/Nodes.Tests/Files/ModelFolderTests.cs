using NodeHost.Nodes.Files;

namespace NodeHost.Tests.Nodes.Files;

public sealed class ModelFolderTests : IDisposable
{
    private readonly TemporaryFolder _temporary = new();

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public void ModelKeys_OfComfyUi_AreListedInItsOrderWithoutOurOwn() =>
        Assert.Equal(
            [
                "checkpoints",
                "configs",
                "loras",
                "vae",
                "text_encoders",
                "diffusion_models",
                "clip_vision",
                "style_models",
                "embeddings",
                "diffusers",
                "vae_approx",
                "controlnet",
                "gligen",
                "upscale_models",
                "custom_nodes",
                "hypernetworks",
                "photomaker",
                "classifiers",
                "model_patches",
                "audio_encoders",
            ],
            Paths().ModelKeys.Where(key => key != "my_models")
        );

    [Fact]
    public void Find_PreferredAndFurtherFolders_AreSearchedBeforeAndAfterTheUsualOnes()
    {
        var paths = Paths();
        Write("further/x.pt");
        Write("further/only.pt");
        Assert.Equal(_temporary.File("further/x.pt"), paths.Find("vae", "x.pt"));

        Write("models/vae/x.pt");
        Assert.Equal(_temporary.File("models/vae/x.pt"), paths.Find("vae", "x.pt"));

        Write("preferred/x.pt");
        Assert.Equal(_temporary.File("preferred/x.pt"), paths.Find("vae", "x.pt"));
        Assert.Equal(["only.pt", "x.pt"], paths.ModelFiles("vae"));
    }

    [Fact]
    public void ModelFiles_OfAnUnknownKeyThatWasGiven_AreAllFiles()
    {
        Write("own/a.anything");

        Assert.Contains("my_models", Paths().ModelKeys);
        Assert.Equal(["a.anything"], Paths().ModelFiles("my_models"));
    }

    private void Write(string relative)
    {
        var path = _temporary.File(relative);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, "x");
    }

    private FolderPaths Paths() =>
        new(
            new FolderPathsOptions
            {
                ModelRoots = [_temporary.File("models")],
                InputDirectories = [_temporary.File("input")],
                OutputDirectory = _temporary.File("output"),
                TempDirectory = _temporary.File("temp"),
                PreferredModelFolders = new Dictionary<string, IReadOnlyList<string>>
                {
                    ["vae"] = [_temporary.File("preferred")],
                },
                ExtraModelFolders = new Dictionary<string, IReadOnlyList<string>>
                {
                    ["vae"] = [_temporary.File("further")],
                    ["my_models"] = [_temporary.File("own")],
                },
            }
        );
}
