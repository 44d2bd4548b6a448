using NodeHost.Diffusion.Models;
using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Values;

namespace NodeHost.Nodes.Upscaling;

/// <summary>Enlarges pictures with a network made for it, tile by tile.</summary>
[Node(
    "ImageUpscaleWithModel",
    Category = "image/upscaling",
    DisplayName = "Upscale Image (using Model)",
    Module = "comfy_extras.nodes_upscale_model",
    Schema = NodeSchema.V3
)]
public sealed class ImageUpscaleWithModel : INode<Image>
{
    [Input]
    public required Upscaler UpscaleModel { get; init; }

    [Input]
    public required Image Image { get; init; }

    public Image Execute(NodeContext context) =>
        new(
            UpscaleModel.Upscale(
                Image.Pixels,
                (done, total) => context.Progress(done, total),
                context.CancellationToken
            )
        );
}
