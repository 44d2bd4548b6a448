using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Values;

namespace NodeHost.Nodes.Latents;

/// <summary>Multiplies a latent by a number.</summary>
[Node("LatentMultiply", Category = "latent/advanced", Module = "comfy_extras.nodes_latent", Schema = NodeSchema.V3)]
public sealed class LatentMultiply : INode<Latent>
{
    [Input]
    public required Latent Samples { get; init; }

    [Number(-10.0, 10.0, Step = 0.01)]
    public double Multiplier { get; init; } = 1.0;

    public Latent Execute(NodeContext context) => Samples with { Samples = Samples.Samples * Multiplier };
}
