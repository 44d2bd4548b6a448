using NodeHost.Nodes.Files;

namespace NodeHost.Tests.Nodes.Files;

public sealed class FolderPathsTests : IDisposable
{
    private readonly TemporaryFolders _folders = new();

    public void Dispose() => _folders.Dispose();

    [Fact]
    public void ModelFiles_TwoRoots_AreListedSortedAndOnce()
    {
        _folders.Write("models/loras/b.safetensors");
        _folders.Write("models/loras/sub/a.SFT");
        _folders.Write("models/loras/readme.txt");
        _folders.Write("models/loras/.git/c.pt");
        _folders.Write("more-models/loras/b.safetensors");

        Assert.Equal(["b.safetensors", "sub/a.SFT"], _folders.Paths.ModelFiles("loras"));
    }

    [Fact]
    public void ModelFiles_AfterAFileCameIn_ListsIt()
    {
        _folders.Write("models/vae/a.pt");
        Assert.Equal(["a.pt"], _folders.Paths.ModelFiles("vae"));

        Directory.SetLastWriteTimeUtc(_folders.At("models/vae"), DateTime.UtcNow.AddDays(-1));
        Assert.Equal(["a.pt"], _folders.Paths.ModelFiles("vae"));
        _folders.Write("models/vae/b.pt");

        Assert.Equal(["a.pt", "b.pt"], _folders.Paths.ModelFiles("vae"));
    }

    [Fact]
    public void Find_OldKey_IsUnderstood()
    {
        var path = _folders.Write("models/clip/t5.safetensors");

        Assert.Equal(path, _folders.Paths.Find("clip", "t5.safetensors"));
        Assert.Equal(path, _folders.Paths.Find("text_encoders", "t5.safetensors"));
    }

    [Fact]
    public void Find_ModelSavedInTheOutputFolder_IsFound()
    {
        var path = _folders.Write("output/checkpoints/mine.safetensors");

        Assert.Equal(path, _folders.Paths.Find("checkpoints", "mine.safetensors"));
    }

    [Fact]
    public void Find_NameThatClimbs_StaysInsideItsFolder()
    {
        _folders.Write("models/secret.pt");

        Assert.Null(_folders.Paths.Find("vae", "../secret.pt"));
    }

    [Fact]
    public void Require_MissingModel_SaysWhereItLooked()
    {
        var error = Assert.Throws<PathException>(() => _folders.Paths.Require("vae", "none.pt"));

        Assert.StartsWith(
            "Model in folder 'vae' with filename 'none.pt' not found.",
            error.Message,
            StringComparison.Ordinal
        );
        Assert.Contains(_folders.At("models/vae"), error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a.png", "input/a.png")]
    [InlineData("b.png", "more-input/b.png")]
    [InlineData("sub/c.png [output]", "output/sub/c.png")]
    [InlineData("d.png [temp]", "temp/d.png")]
    [InlineData("a.png [input]", "input/a.png")]
    public void FindPicture_NameWithOrWithoutFolder_IsFound(string name, string file)
    {
        var path = _folders.Write(file);

        Assert.Equal(path, _folders.Paths.FindPicture(name));
    }

    [Theory]
    [InlineData("../outside.png")]
    [InlineData("/etc/hostname")]
    [InlineData("link.png")]
    [InlineData("linked/outside.png")]
    [InlineData("missing.png")]
    [InlineData("a\0b.png")]
    [InlineData("..\\outside.png")]
    public void FindPicture_OutsideTheFolder_IsNotFound(string name)
    {
        _folders.Write("outside.png");
        _folders.Write("input/a.png");
        File.CreateSymbolicLink(_folders.At("input/link.png"), _folders.At("outside.png"));
        Directory.CreateSymbolicLink(_folders.At("input/linked"), _folders.Root);

        Assert.Null(_folders.Paths.FindPicture(name));
    }
}
