using NodeHost.Diffusion.Models;
using NodeHost.Diffusion.Models.Store;
using NodeHost.Diffusion.Text;
using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Files;

namespace NodeHost.Nodes.Loaders;

/// <summary>Opens a checkpoint that holds a diffusion model, its text encoder and its autoencoder.</summary>
[Node(
    "CheckpointLoaderSimple",
    Category = "loaders",
    DisplayName = "Load Checkpoint",
    Description = "Loads a diffusion model checkpoint, diffusion models are used to denoise latents."
)]
[Output(0, Tooltip = "The model used for denoising latents.")]
[Output(1, Tooltip = "The CLIP model used for encoding text prompts.")]
[Output(2, Tooltip = "The VAE model used for encoding and decoding images to and from latent space.")]
public sealed class CheckpointLoaderSimple : INode<(DiffusionModel Model, Clip? Clip, Vae? Vae)>
{
    [Choice(
        typeof(ModelFiles),
        "checkpoints",
        Name = "ckpt_name",
        Tooltip = "The name of the checkpoint (model) to load."
    )]
    public required string CheckpointName { get; init; }

    public (DiffusionModel Model, Clip? Clip, Vae? Vae) Execute(NodeContext context)
    {
        var path = context.Get<IFolderPaths>().Require("checkpoints", CheckpointName);
        var checkpoint = context.Get<ModelStore>().LoadCheckpoint(path);
        if (checkpoint.Warning is { } warning)
        {
            context.Warn(warning);
        }
        return (checkpoint.Model, checkpoint.Clip, checkpoint.Vae);
    }
}
