using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Values;

namespace NodeHost.Nodes.Latents;

/// <summary>Cuts a rectangle, given in pixels, out of latents.</summary>
[Node("LatentCrop", Category = "latent/transform", DisplayName = "Crop Latent")]
public sealed class LatentCrop : INode<Latent>
{
    // At least this many latent elements stay, whatever the place.
    private const int Smallest = 8;

    [Input]
    public required Latent Samples { get; init; }

    [Number(64, 16384, Step = 8)]
    public int Width { get; init; } = 512;

    [Number(64, 16384, Step = 8)]
    public int Height { get; init; } = 512;

    [Number(0, 16384, Step = 8)]
    public int X { get; init; }

    [Number(0, 16384, Step = 8)]
    public int Y { get; init; }

    public Latent Execute(NodeContext context)
    {
        var samples = Samples.Samples;
        var x = Math.Min(X / LatentGrid.Pixels, samples.Length(3) - Smallest);
        var y = Math.Min(Y / LatentGrid.Pixels, samples.Length(2) - Smallest);
        var cropped = samples.Slice(2, y, y + Height / LatentGrid.Pixels).Slice(3, x, x + Width / LatentGrid.Pixels);
        return Samples with { Samples = cropped };
    }
}
