using NodeHost.Diffusion.Conditions;
using NodeHost.Graph.Contracts;

namespace NodeHost.Nodes.Flux;

/// <summary>Gives Flux no guidance strength at all.</summary>
[Node(
    "FluxDisableGuidance",
    Category = "advanced/conditioning/flux",
    Description = "This node completely disables the guidance embed on Flux and Flux like models",
    Module = "comfy_extras.nodes_flux",
    Schema = NodeSchema.V3
)]
public sealed class FluxDisableGuidance : INode<Conditioning>
{
    [Input]
    public required Conditioning Conditioning { get; init; }

    public Conditioning Execute(NodeContext context) =>
        Conditioning.Select(entry => entry with { Guidance = null, WithholdsGuidance = true });
}
