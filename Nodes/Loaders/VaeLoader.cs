using NodeHost.Diffusion.Checkpoints;
using NodeHost.Diffusion.Models;
using NodeHost.Diffusion.Models.Store;
using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Files;

namespace NodeHost.Nodes.Loaders;

/// <summary>Opens a file that holds an autoencoder alone.</summary>
[Node("VAELoader", Category = "loaders", DisplayName = "Load VAE")]
public sealed class VaeLoader : INode<Vae>
{
    [Choice(typeof(VaeFiles))]
    public required string VaeName { get; init; }

    public Vae Execute(NodeContext context)
    {
        if (VaeName == VaeFiles.PixelSpace)
        {
            throw new UnsupportedModelException(
                "VAELoader: 'pixel_space' serves models that denoise pixels, of which none is supported. Choose a VAE file."
            );
        }
        var path = context.Get<IFolderPaths>().Require("vae", VaeName);
        return context.Get<ModelStore>().LoadVae(path);
    }
}
