using System.Text;
using Newtonsoft.Json.Linq;
using NodeHost.Graph.Contracts;
using NodeHost.Images;
using NodeHost.Images.Png;
using NodeHost.Nodes.Files;
using NodeHost.Nodes.Images;
using NodeHost.Nodes.Values;
using NodeHost.Tensors;
using NodeHost.Tests.Nodes.EndToEnd;
using NodeHost.Tests.Nodes.Files;

namespace NodeHost.Tests.Nodes.Images;

public sealed class SavingTests : IDisposable
{
    private readonly TemporaryFolders _folders = new();
    private readonly TensorTestScope _scope = new();

    private NodeContext Context => new(new TestServices((typeof(IFolderPaths), _folders.Paths)));

    public void Dispose()
    {
        _scope.Dispose();
        _folders.Dispose();
    }

    [Fact]
    public void SaveImage_Batch_WritesNumberedFilesWithTheWorkflow()
    {
        var ui = new SaveImage
        {
            Images = Pictures(2),
            FilenamePrefix = "a/%width%x%height%",
            Prompt = JObject.Parse(
                """{"1": {"class_type": "Ü", "inputs": {"cfg": 8.0, "seed": 18446744073709551615}}}"""
            ),
            ExtraPngInfo = JObject.Parse("""{"workflow": {"nodes": []}, "": 1}"""),
        }.Execute(Context);

        Assert.Equal(
            """{"images":[{"filename":"5x4_00001_.png","subfolder":"a","type":"output"},{"filename":"5x4_00002_.png","subfolder":"a","type":"output"}]}""",
            ui.ToJson().ToString(Newtonsoft.Json.Formatting.None)
        );
        var texts = PngTextChunks.Read(File.ReadAllBytes(_folders.At("output/a/5x4_00002_.png")));
        Assert.Equal(
            [
                new PngText(
                    "prompt",
                    """{"1": {"class_type": "\u00dc", "inputs": {"cfg": 8.0, "seed": 18446744073709551615}}}"""
                ),
                new PngText("workflow", """{"nodes": []}"""),
            ],
            texts
        );
    }

    [Fact]
    public void SaveImage_FourChannels_WritesAlpha()
    {
        new SaveImage { Images = new Image(Tensor.Full([1, 2, 2, 4], 0.5)) }.Execute(Context);

        var picture = ImageDecoder.DecodeFile(_folders.At("output/ComfyUI_00001_.png"));
        Assert.Equal(AlphaSource.Channel, picture.Alpha);
        Assert.All(picture.Frames[0].Data, value => Assert.Equal(127, value));
    }

    [Fact]
    public void PreviewImage_Twice_KeepsItsNameAndCountsOn()
    {
        var first = new PreviewImage { Images = Pictures(1) }.Execute(Context);
        var second = new PreviewImage { Images = Pictures(1) }.Execute(Context);

        var names = new[] { first, second }.Select(ui => (string)ui.ToJson()["images"]![0]!["filename"]!).ToArray();
        Assert.Matches("^ComfyUI_temp_[a-z]{5}_00001_.png$", names[0]);
        Assert.Equal(names[0].Replace("00001", "00002", StringComparison.Ordinal), names[1]);
    }

    [Fact]
    public void SaveAnimatedWebP_Batch_WritesOneFileWithFramesAndTexts()
    {
        var ui = new SaveAnimatedWebP { Images = Pictures(3), Prompt = [] }.Execute(Context);

        Assert.True((bool)ui.ToJson()["animated"]![0]!);
        var file = File.ReadAllBytes(_folders.At("output/ComfyUI_00001_.webp"));
        Assert.Equal(3, ImageDecoder.Decode(file, "x").Frames.Count);
        Assert.Contains("prompt:{}", Encoding.Latin1.GetString(file), StringComparison.Ordinal);
    }

    [Fact]
    public void SaveAnimatedPng_Batch_WritesOneFileWithFrames()
    {
        var ui = new SaveAnimatedPng { Images = Pictures(3) }.Execute(Context);

        Assert.True((bool)ui.ToJson()["animated"]![0]!);
        Assert.Equal(3, ImageDecoder.DecodeFile(_folders.At("output/ComfyUI_00001_.png")).Frames.Count);
    }

    private static Image Pictures(int count)
    {
        var frames = Enumerable.Range(0, count).Select(i => Tensor.Full([1, 4, 5, 3], i / 10.0)).ToArray();
        return new Image(Tensor.Concat(frames, 0));
    }
}
