using NodeHost.Graph.Contracts;
using NodeHost.Images;
using NodeHost.Nodes.Files;
using NodeHost.Nodes.Images;
using NodeHost.Nodes.Masks;
using NodeHost.Tests.Nodes.EndToEnd;
using NodeHost.Tests.Nodes.Files;

namespace NodeHost.Tests.Nodes.Images;

public sealed class LoadImageTests : IDisposable
{
    private readonly TemporaryFolders _folders = new();
    private readonly TensorTestScope _scope = new();

    private TestServices Services => new((typeof(IFolderPaths), _folders.Paths));

    private NodeContext Context => new(Services);

    public void Dispose()
    {
        _scope.Dispose();
        _folders.Dispose();
    }

    [Fact]
    public void Execute_PictureWithAlpha_GivesTheColoursAndTheInvertedAlpha()
    {
        Write("input/a.png", new PixelBuffer(2, 1, 4, [255, 0, 51, 255, 0, 102, 0, 0]));

        var (image, mask) = new LoadImage { Image = "a.png" }.Execute(Context);

        Assert.Equal([1, 1, 2, 3], image.Pixels.Shape.ToArray());
        Assert.Equal([1f, 0f, 0.2f, 0f, 0.4f, 0f], image.Pixels.ToArray<float>());
        Assert.Equal([0f, 1f], mask.Values.ToArray<float>());
    }

    [Fact]
    public void Execute_PictureWithoutAlpha_GivesAMaskOf64Zeros()
    {
        Write("output/a.png", new PixelBuffer(2, 1, 3));

        var (_, mask) = new LoadImage { Image = "a.png [output]" }.Execute(Context);

        Assert.Equal([1, 64, 64], mask.Values.Shape.ToArray());
        Assert.Equal(0, mask.Values.Max().Item());
    }

    [Fact]
    public void Execute_AnimatedPicture_GivesABatch()
    {
        Directory.CreateDirectory(_folders.At("input"));
        File.WriteAllBytes(
            _folders.At("input/a.png"),
            ImageEncoder.AnimatedPng([new PixelBuffer(3, 2, 3), new PixelBuffer(3, 2, 3)], 100, 4, [])
        );

        var (image, mask) = new LoadImage { Image = "a.png" }.Execute(Context);

        Assert.Equal([2, 2, 3, 3], image.Pixels.Shape.ToArray());
        Assert.Equal([2, 64, 64], mask.Values.Shape.ToArray());
    }

    [Fact]
    public void Execute_BrokenPicture_NamesInputFileAndRemedy()
    {
        _folders.Write("input/broken.png", "not a picture");

        var error = Assert.Throws<ImageException>(() => new LoadImage { Image = "broken.png" }.Execute(Context));

        Assert.StartsWith("input 'image': broken.png: ", error.Message, StringComparison.Ordinal);
        Assert.Contains("save the picture as PNG", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("missing.png")]
    [InlineData("../outside.png")]
    public void Validate_PictureThatIsNotThere_SaysWhatComfyUiSays(string name)
    {
        _folders.Write("outside.png");

        var verdict = new LoadImage { Image = name }.Validate(
            new ValidationContext("1", new Dictionary<string, string>(), Services)
        );

        Assert.Equal(ValidationVerdict.Because($"Invalid image file: {name}"), verdict);
    }

    [Fact]
    public void Fingerprint_ChangedContent_Differs()
    {
        _folders.Write("input/a.png", "one");
        var node = new LoadImage { Image = "a.png" };
        var before = node.Fingerprint(Context);
        _folders.Write("input/a.png", "two");

        Assert.Equal("7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed", before);
        Assert.NotEqual(before, node.Fingerprint(Context));
    }

    [Fact]
    public void Options_InputFolder_ListsPicturesOnlyAndAllFilesForMasks()
    {
        _folders.Write("input/b.PNG");
        _folders.Write("input/a.webp");
        _folders.Write("input/notes.txt");
        _folders.Write("input/sub/c.png");

        Assert.Equal<object>(["a.webp", "b.PNG"], new InputPictures().Options(Services, null));
        Assert.Equal<object>(
            ["a.webp", "b.PNG", "notes.txt"],
            new InputPictures().Options(Services, InputPictures.AllFiles)
        );
    }

    [Theory]
    [InlineData("red", 1f, 0f)]
    [InlineData("green", 0f, 0.4f)]
    [InlineData("blue", 0.2f, 0f)]
    [InlineData("alpha", 0f, 1f)]
    public void LoadImageMask_EachChannel_IsRead(string channel, float first, float second)
    {
        Write("input/a.png", new PixelBuffer(2, 1, 4, [255, 0, 51, 255, 0, 102, 0, 0]));

        var mask = new LoadImageMask { Image = "a.png", Channel = channel }.Execute(Context);

        Assert.Equal([first, second], mask.Values.ToArray<float>());
    }

    private void Write(string path, PixelBuffer picture)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folders.At(path))!);
        File.WriteAllBytes(_folders.At(path), ImageEncoder.Png(picture, 4));
    }
}
