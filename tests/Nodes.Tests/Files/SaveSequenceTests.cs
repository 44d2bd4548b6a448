using System.Text;
using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Files;

namespace NodeHost.Tests.Nodes.Files;

public sealed class SaveSequenceTests : IDisposable
{
    private readonly TemporaryFolders _folders = new();

    public void Dispose() => _folders.Dispose();

    [Fact]
    public void Write_FirstFiles_CountFromOne() =>
        Assert.Equal(
            [new UiFile("x_00001_.png", "a/b", "output"), new UiFile("x_00002_.png", "a/b", "output")],
            Save("a/b/x", 2)
        );

    [Fact]
    public void Write_FilesWithThePrefixThere_ContinuesBehindTheHighestOfAnyKind()
    {
        _folders.Write("output/x_00007_.latent");
        _folders.Write("output/x_00003_.png");
        _folders.Write("output/x_none_.png");
        _folders.Write("output/xy_00020_.png");

        Assert.Equal("x_00008_.png", Save("x", 1)[0].Filename);
    }

    [Fact]
    public void Write_Variables_AreReplaced() =>
        Assert.Equal(
            new UiFile("20260304-050607_64x32_00001_.png", "2026", "output"),
            Save("%year%/%year%%month%%day%-%hour%%minute%%second%_%width%x%height%", 1)[0]
        );

    [Fact]
    public void Write_BatchNumber_NeverOverwrites()
    {
        Assert.Equal(["x0_00001_.png", "x1_00002_.png"], Save("x%batch_num%", 2).Select(file => file.Filename));
        Assert.Equal(["x0_00002_.png", "x1_00003_.png"], Save("x%batch_num%", 2).Select(file => file.Filename));
    }

    [Theory]
    [InlineData("../x")]
    [InlineData("a/../../x")]
    [InlineData("/tmp/x")]
    [InlineData("link/x")]
    public void BeginSave_OutsideTheFolder_IsRefused(string prefix)
    {
        Directory.CreateDirectory(_folders.At("output"));
        Directory.CreateSymbolicLink(_folders.At("output/link"), _folders.Root);

        var error = Assert.Throws<PathException>(() => Save(prefix, 1));

        Assert.StartsWith(
            "**** ERROR: Saving image outside the output folder is not allowed.",
            error.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Write_ManyWritersAtOnce_EachGetsAFileOfItsOwn()
    {
        var names = new List<string>();
        Parallel.For(
            0,
            8,
            writer =>
            {
                var sequence = _folders.Paths.BeginSave(FolderKind.Output, "x");
                for (var i = 0; i < 10; i++)
                {
                    var file = sequence.Write(".png", Encoding.ASCII.GetBytes($"{writer}"));
                    lock (names)
                    {
                        names.Add(file.Filename);
                    }
                }
            }
        );

        Assert.Equal(80, names.Distinct().Count());
        Assert.Equal(80, Directory.GetFiles(_folders.At("output")).Length);
    }

    [Fact]
    public void Write_FailingHalfWay_LeavesNoFile()
    {
        var sequence = _folders.Paths.BeginSave(FolderKind.Output, "x");

        Assert.Throws<PathException>(() =>
            sequence.Write(
                ".png",
                stream =>
                {
                    stream.WriteByte(1);
                    throw new IOException("the disk is full");
                }
            )
        );

        Assert.Empty(Directory.GetFileSystemEntries(_folders.At("output")));
    }

    [Fact]
    public void Write_WhereAKilledProcessLeftHiddenFiles_RemovesTheOldOnes()
    {
        _folders.Write("output/.old.partial");
        _folders.Write("output/.young.partial");
        File.SetLastWriteTimeUtc(_folders.At("output/.old.partial"), DateTime.UtcNow.AddDays(-2));

        Save("x", 1);

        Assert.False(File.Exists(_folders.At("output/.old.partial")));
        Assert.True(File.Exists(_folders.At("output/.young.partial")));
    }

    [Fact]
    public void Write_NextToAnEmptyFileOfThatName_LeavesItAlone()
    {
        var sequence = _folders.Paths.BeginSave(FolderKind.Output, "x");
        _folders.Write("output/x_00001_.png");

        Assert.Equal("x_00002_.png", sequence.Write(".png", [1]).Filename);
        Assert.Equal(2, Directory.GetFiles(_folders.At("output")).Length);
    }

    private List<UiFile> Save(string prefix, int count)
    {
        var sequence = _folders.Paths.BeginSave(FolderKind.Output, prefix, 64, 32);
        return [.. Enumerable.Range(0, count).Select(_ => sequence.Write(".png", [1]))];
    }
}
