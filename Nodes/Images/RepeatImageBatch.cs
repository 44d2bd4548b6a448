using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Values;

namespace NodeHost.Nodes.Images;

/// <summary>The batch several times over.</summary>
[Node("RepeatImageBatch", Category = "image/batch", Module = "comfy_extras.nodes_images")]
public sealed class RepeatImageBatch : INode<Image>
{
    [Input]
    public required Image Image { get; init; }

    [Number(1, 4096)]
    public int Amount { get; init; } = 1;

    public Image Execute(NodeContext context) => new(Image.Pixels.Repeat(Amount, 1, 1, 1));
}
