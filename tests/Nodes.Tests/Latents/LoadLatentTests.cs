using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Files;
using NodeHost.Nodes.Latents;
using NodeHost.Tensors;
using NodeHost.Tensors.Safetensors;
using NodeHost.Tests.Nodes.EndToEnd;

namespace NodeHost.Tests.Nodes.Latents;

[AssertNoLeakedTensors]
public sealed class LoadLatentTests : IDisposable
{
    private const double FactorOfOldFiles = 1 / 0.18215;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(true, 0.5)]
    [InlineData(false, 0.5 * FactorOfOldFiles)] // before files told their version, latents were saved at the network's scale
    public void Execute_FileWithOrWithoutVersion_HasTheAutoencodersScale(bool hasVersion, double expected)
    {
        using var scope = new TensorScope();
        Save(Tensor.Full([1, 4, 2, 3], 0.5), hasVersion);

        var latent = Load();

        Assert.Equal([1, 4, 2, 3], latent.Samples.Shape.ToArray());
        Assert.Equal(expected, latent.Samples.Mean().Item(), 1e-5);
    }

    [Theory]
    [InlineData(new long[0])]
    [InlineData(new long[] { 4, 8 })]
    [InlineData(new long[] { 0, 4, 8, 8 })]
    [InlineData(new long[] { 1, 4, 0, 8 })]
    public void Execute_TensorThatIsNoLatent_IsRefusedWithItsShape(long[] shape)
    {
        using var scope = new TensorScope();
        Save(Tensor.Ones(shape), hasVersion: true);

        var error = Assert.Throws<ArgumentException>(Load);

        Assert.Contains($"got [{string.Join(", ", shape)}]", error.Message);
        Assert.Contains("mine.latent", error.Message);
    }

    private NodeHost.Nodes.Values.Latent Load()
    {
        var paths = new FolderPaths(
            new FolderPathsOptions
            {
                ModelRoots = [],
                InputDirectories = [_folder.Path],
                OutputDirectory = _folder.File("output"),
                TempDirectory = _folder.File("temp"),
            }
        );
        return new LoadLatent { Latent = "mine.latent" }.Execute(
            new NodeContext(new TestServices((typeof(IFolderPaths), paths)))
        );
    }

    private void Save(Tensor samples, bool hasVersion)
    {
        var tensors = new Dictionary<string, Tensor> { ["latent_tensor"] = samples };
        if (hasVersion)
        {
            tensors["latent_format_version_0"] = Tensor.Empty([0]);
        }
        SafetensorsWriter.Save(_folder.File("mine.latent"), tensors);
    }
}
