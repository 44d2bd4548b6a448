using NodeHost.Diffusion.Models;
using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Loaders;

namespace NodeHost.Nodes.Gguf;

/// <summary>Opens a GGUF file that holds a diffusion model alone.</summary>
[Node("UnetLoaderGGUF", Category = GgufNode.Category, DisplayName = "Unet Loader (GGUF)", Module = GgufNode.Module)]
public sealed class UnetLoaderGguf : INode<DiffusionModel>
{
    [Choice(typeof(ModelFiles), "unet_gguf")]
    public required string UnetName { get; init; }

    public DiffusionModel Execute(NodeContext context) => new UnetLoader { UnetName = UnetName }.Execute(context);
}
