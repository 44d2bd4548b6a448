using System.IO.Compression;
using NodeHost.Diffusion.Checkpoints;
using NodeHost.Diffusion.Text;
using NodeHost.Tensors;
using NodeHost.Tensors.Pickle;
using NodeHost.Tensors.Safetensors;

namespace NodeHost.Tests.Diffusion.Checkpoints;

[AssertNoLeakedTensors]
public sealed class WeightFilesTests : IDisposable
{
    // torch.save's zip format holds this as data.pkl: {"string_to_param": {"*": float32 [2, 2] over storage "0"}}.
    private const string Embedding =
        "\u0080\u0002}X\u000f\0\0\0string_to_param}X\u0001\0\0\0*ctorch._utils\n_rebuild_tensor_v2\n((X\u0007\0\0\0storage"
        + "ctorch\nFloatStorage\nX\u0001\0\0\00X\u0003\0\0\0cpuK\u0004tQK\0K\u0002K\u0002\u0086K\u0002K\u0001\u0086\u0089"
        + "ccollections\nOrderedDict\n)RtRss.";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Open_SafetensorsUnderAPickleName_ReadsIt()
    {
        using var scope = new TensorScope();
        var path = _folder.File("model.ckpt");
        SafetensorsWriter.Save(path, new Dictionary<string, Tensor> { ["w"] = Tensor.From([1f, 2], 2) });

        using var file = WeightFiles.Open(path);

        Assert.Equal([1f, 2], file.Read("w").ToArray<float>());
    }

    [Fact]
    public void Open_TextUnderAPickleName_IsRefused()
    {
        var path = _folder.File("model.pth");
        File.WriteAllText(path, "<html>Not found</html>");

        var error = Assert.Throws<PickleException>(() => WeightFiles.Open(path));

        Assert.Equal(PickleRefusal.NotACheckpoint, error.Refusal);
    }

    [Fact]
    public void EmbeddingFolder_PickledTextualInversion_GivesItsVectors()
    {
        using (var zip = ZipFile.Open(_folder.File("style.pt"), ZipArchiveMode.Create))
        {
            Add(zip, "style/data.pkl", System.Text.Encoding.Latin1.GetBytes(Embedding));
            Add(zip, "style/data/0", [0, 0, 128, 63, 0, 0, 0, 64, 0, 0, 64, 64, 0, 0, 128, 64]);
        }
        using var folder = new EmbeddingFolder([_folder.Path]);

        var found = Assert.IsType<PromptEmbedding>(folder.For("clip_l", 2).Find("style"));

        Assert.Equal([1f, 2, 3, 4], found.Vectors.ToArray<float>());
    }

    private static void Add(ZipArchive zip, string name, byte[] bytes)
    {
        using var entry = zip.CreateEntry(name, CompressionLevel.NoCompression).Open();
        entry.Write(bytes);
    }
}
