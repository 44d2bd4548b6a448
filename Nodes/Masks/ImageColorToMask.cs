using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Values;
using NodeHost.Tensors;

namespace NodeHost.Nodes.Masks;

/// <summary>Masks the pixels of exactly one colour.</summary>
[Node("ImageColorToMask", Category = "mask", Module = "comfy_extras.nodes_mask")]
public sealed class ImageColorToMask : INode<Mask>
{
    [Input]
    public required Image Image { get; init; }

    [Number(0, 0xFFFFFF, Step = 1, Display = "color")]
    public int Color { get; init; }

    public Mask Execute(NodeContext context)
    {
        var levels = (Image.Pixels.Clamp(0, 1) * 255.0).Round();
        var colours = (levels.Select(3, 0) * 65536) + (levels.Select(3, 1) * 256) + levels.Select(3, 2);
        return new Mask(colours.EqualTo(Color).To(DType.Float32));
    }
}
