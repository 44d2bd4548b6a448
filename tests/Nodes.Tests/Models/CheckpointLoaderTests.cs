using NodeHost.Diffusion.Models.Store;
using NodeHost.Diffusion.Sampling.Parameterizations;
using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Files;
using NodeHost.Nodes.Loaders;
using NodeHost.Tests.Nodes.EndToEnd;
using NodeHost.Tests.Shared;

namespace NodeHost.Tests.Nodes.Models;

[AssertNoLeakedTensors]
public sealed class CheckpointLoaderTests
{
    [Fact]
    public void Execute_Configuration_SaysWhatTheModelPredicts()
    {
        using var models = new TinyModels();
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("configs"));
        File.WriteAllText(folder.File("configs/v.yaml"), "parameterization: \"v\"\nlayer_idx: -2\n");
        var paths = new FolderPaths(
            new FolderPathsOptions
            {
                ModelRoots = [folder.Path, Repository.Model("")],
                InputDirectories = [folder.Path],
                OutputDirectory = folder.Path,
                TempDirectory = folder.Path,
            }
        );
        var services = new TestServices((typeof(IFolderPaths), paths), (typeof(ModelStore), models.Store));

        var (model, clip, vae) = new CheckpointLoader
        {
            ConfigurationName = "v.yaml",
            CheckpointName = "nodehost-tiny-sd15.safetensors",
        }.Execute(new NodeContext(services));

        Assert.IsType<VelocityPrediction>(model.Sampling.Prediction);
        Assert.Equal(-2, clip!.LastLayer);
        Assert.NotNull(vae);
    }
}
