using NodeHost.Diffusion.Conditions;
using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Values;

namespace NodeHost.Nodes.Flux;

/// <summary>Shows an editing model a picture beside the one it makes; several are shown by chaining.</summary>
[Node(
    "ReferenceLatent",
    Category = "advanced/conditioning/edit_models",
    Description = "This node sets the guiding latent for an edit model. If the model supports it you can chain multiple to set multiple reference images.",
    Module = "comfy_extras.nodes_edit_model",
    Schema = NodeSchema.V3
)]
public sealed class ReferenceLatent : INode<Conditioning>
{
    [Input]
    public required Conditioning Conditioning { get; init; }

    [Input]
    public Latent? Latent { get; init; }

    public Conditioning Execute(NodeContext context) =>
        Latent is null
            ? Conditioning
            : Conditioning.Select(entry =>
                entry with
                {
                    ReferenceLatents = [.. entry.ReferenceLatents, Latent.Samples],
                }
            );
}
