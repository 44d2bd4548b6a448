using NodeHost.Diffusion.Models;
using NodeHost.Diffusion.Models.Store;
using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Files;
using NodeHost.Nodes.Loaders;

namespace NodeHost.Nodes.Upscaling;

/// <summary>Opens a file that holds a network that enlarges pictures.</summary>
[Node(
    "UpscaleModelLoader",
    Category = "loaders",
    DisplayName = "Load Upscale Model",
    Module = "comfy_extras.nodes_upscale_model",
    Schema = NodeSchema.V3
)]
public sealed class UpscaleModelLoader : INode<Upscaler>
{
    [Choice(typeof(ModelFiles), "upscale_models")]
    public required string ModelName { get; init; }

    public Upscaler Execute(NodeContext context) =>
        context.Get<ModelStore>().LoadUpscaler(context.Get<IFolderPaths>().Require("upscale_models", ModelName));
}
