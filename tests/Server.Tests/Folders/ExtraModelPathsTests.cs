using NodeHost.Folders;

namespace NodeHost.Tests.Server.Folders;

public sealed class ExtraModelPathsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Read_BasePathAndBlocks_GivesFullPathsInOrder()
    {
        var paths = Read(
            """
            a111:
                base_path: /data/webui
                checkpoints: models/Stable-diffusion
                loras: |
                    models/Lora
                    models/LyCORIS
                vae: /elsewhere/vae
            """
        );
        Assert.Equal(["/data/webui/models/Stable-diffusion"], paths.Further["checkpoints"]);
        Assert.Equal(["/data/webui/models/Lora", "/data/webui/models/LyCORIS"], paths.Further["loras"]);
        Assert.Equal(["/elsewhere/vae"], paths.Further["vae"]);
        Assert.Empty(paths.Preferred);
    }

    [Fact]
    public void Read_WithoutBasePath_IsRelativeToTheFile() =>
        Assert.Equal([_folder.File("here/x")], Read("any:\n  vae: here/x\n").Further["vae"]);

    [Fact]
    public void Read_RelativeBasePath_IsRelativeToTheFile() =>
        Assert.Equal([_folder.File("b/x")], Read("any:\n  base_path: b\n  vae: x\n").Further["vae"]);

    [Fact]
    public void Read_IsDefault_IsPreferred()
    {
        var paths = Read("one:\n  is_default: true\n  vae: /a\ntwo:\n  is_default: false\n  vae: /b\n");
        Assert.Equal(["/a"], paths.Preferred["vae"]);
        Assert.Equal(["/b"], paths.Further["vae"]);
    }

    [Fact]
    public void Read_HomeAndVariables_AreExpanded()
    {
        Environment.SetEnvironmentVariable("NODEHOST_TEST_FOLDER", "/from-variable");
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        var paths = Read("any:\n  vae: ~/v\n  loras: $NODEHOST_TEST_FOLDER/l\n  clip: ${NODEHOST_TEST_FOLDER}/c\n");
        Assert.Equal([Path.Combine(home, "v")], paths.Further["vae"]);
        Assert.Equal(["/from-variable/l"], paths.Further["loras"]);
        Assert.Equal(["/from-variable/c"], paths.Further["clip"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("# nothing\n")]
    [InlineData("section:\n")]
    [InlineData("section: null\n")]
    [InlineData("section:\n  vae:\n")]
    public void Read_NothingSaid_GivesNothing(string yaml)
    {
        var paths = Read(yaml);
        Assert.Empty(paths.Preferred);
        Assert.Empty(paths.Further);
    }

    [Theory]
    [InlineData("one:\n  vae: /a\n bad", 3)]
    [InlineData("one:\n  vae: /a\n  loras: [a, b]\n", 3)]
    [InlineData("- a\n- b\n", 1)]
    [InlineData("one:\n  is_default: perhaps\n", 2)]
    [InlineData("one: text\n", 1)]
    public void Read_Mistake_NamesFileAndLine(string yaml, int line)
    {
        var error = Assert.Throws<ExtraModelPathsException>(() => Read(yaml));
        Assert.StartsWith($"{_folder.File("paths.yaml")}, line {line}: ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_MissingFile_NamesIt() =>
        Assert.Contains(
            "none.yaml",
            Assert.Throws<ExtraModelPathsException>(() => ExtraModelPaths.Read([_folder.File("none.yaml")])).Message,
            StringComparison.Ordinal
        );

    private ExtraModelPaths Read(string yaml)
    {
        File.WriteAllText(_folder.File("paths.yaml"), yaml);
        return ExtraModelPaths.Read([_folder.File("paths.yaml")]);
    }
}
