using NodeHost.Diffusion.Conditions;
using NodeHost.Graph.Contracts;

namespace NodeHost.Nodes.Flux;

/// <summary>Chooses how several reference latents are placed beside the image.</summary>
[Node(
    "FluxKontextMultiReferenceLatentMethod",
    Category = "advanced/conditioning/flux",
    Module = "comfy_extras.nodes_flux",
    Schema = NodeSchema.V3,
    Experimental = true
)]
public sealed class FluxKontextMultiReferenceLatentMethod : INode<Conditioning>
{
    private const string Diagonal = "uxo/uno";

    [Input]
    public required Conditioning Conditioning { get; init; }

    [Choice("offset", "index", Diagonal)]
    public string ReferenceLatentsMethod { get; init; } = "offset";

    public Conditioning Execute(NodeContext context)
    {
        var method = ReferenceLatentsMethod == Diagonal ? "uxo" : ReferenceLatentsMethod;
        return Conditioning.Select(entry => entry with { ReferenceMethod = method });
    }
}
