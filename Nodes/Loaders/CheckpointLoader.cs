using NodeHost.Diffusion.Checkpoints;
using NodeHost.Diffusion.Models;
using NodeHost.Diffusion.Models.Store;
using NodeHost.Diffusion.Text;
using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Files;

namespace NodeHost.Nodes.Loaders;

/// <summary>Opens a checkpoint as its configuration file says.</summary>
[Node(
    "CheckpointLoader",
    Category = "advanced/loaders",
    DisplayName = "Load Checkpoint With Config (DEPRECATED)",
    Deprecated = true
)]
public sealed class CheckpointLoader : INode<(DiffusionModel Model, Clip? Clip, Vae? Vae)>
{
    [Choice(typeof(ModelFiles), "configs", Name = "config_name")]
    public required string ConfigurationName { get; init; }

    [Choice(typeof(ModelFiles), "checkpoints", Name = "ckpt_name")]
    public required string CheckpointName { get; init; }

    public (DiffusionModel Model, Clip? Clip, Vae? Vae) Execute(NodeContext context)
    {
        var paths = context.Get<IFolderPaths>();
        var configuration = ModelConfigFile.Read(paths.Require("configs", ConfigurationName));
        var checkpoint = context.Get<ModelStore>().LoadCheckpoint(paths.Require("checkpoints", CheckpointName));
        if (checkpoint.Warning is { } warning)
        {
            context.Warn(warning);
        }
        return (configuration.Apply(checkpoint.Model), configuration.Apply(checkpoint.Clip), checkpoint.Vae);
    }
}
