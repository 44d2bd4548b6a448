using NodeHost.Diffusion.Conditions;
using NodeHost.Graph.Contracts;

namespace NodeHost.Nodes.Flux;

/// <summary>Sets the guidance strength that was distilled into Flux.</summary>
[Node(
    "FluxGuidance",
    Category = "advanced/conditioning/flux",
    Module = "comfy_extras.nodes_flux",
    Schema = NodeSchema.V3
)]
public sealed class FluxGuidance : INode<Conditioning>
{
    [Input]
    public required Conditioning Conditioning { get; init; }

    [Number(0.0, 100.0, Step = 0.1)]
    public double Guidance { get; init; } = 3.5;

    public Conditioning Execute(NodeContext context) =>
        Conditioning.Select(entry => entry with { Guidance = Guidance, WithholdsGuidance = false });
}
