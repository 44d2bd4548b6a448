using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Values;
using NodeHost.Tensors;

namespace NodeHost.Nodes.Images;

/// <summary>Pictures of one colour.</summary>
[Node("EmptyImage", Category = "image")]
public sealed class EmptyImage : INode<Image>
{
    [Number(1, 16384, Step = 1)]
    public int Width { get; init; } = 512;

    [Number(1, 16384, Step = 1)]
    public int Height { get; init; } = 512;

    [Number(1, 4096)]
    public int BatchSize { get; init; } = 1;

    [Number(0, 0xFFFFFF, Step = 1, Display = "color")]
    public int Color { get; init; }

    public Image Execute(NodeContext context) => new(Tensor.Concat([Channel(16), Channel(8), Channel(0)], -1));

    private Tensor Channel(int shift) =>
        Tensor.Full([BatchSize, Height, Width, 1], (double)((Color >> shift) & 0xFF) / 0xFF);
}
