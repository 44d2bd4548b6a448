using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Values;
using NodeHost.Tensors;

namespace NodeHost.Nodes.Images;

/// <summary>Deals the pictures of all batches into batches of a given size.</summary>
[Node(
    "RebatchImages",
    Category = "image/batch",
    DisplayName = "Rebatch Images",
    Module = "comfy_extras.nodes_rebatch",
    Schema = NodeSchema.V3,
    InputIsList = true
)]
public sealed class RebatchImages : INode<IReadOnlyList<Image>>
{
    [Input]
    public required IReadOnlyList<Image> Images { get; init; }

    [Number(1, 4096)]
    public IReadOnlyList<int> BatchSize { get; init; } = [1];

    public IReadOnlyList<Image> Execute(NodeContext context) =>
        [
            .. Images
                .SelectMany(image => image.Pixels.Split(1, 0))
                .Chunk(BatchSize[0])
                .Select(pictures => new Image(Tensor.Concat(pictures, 0))),
        ];
}
