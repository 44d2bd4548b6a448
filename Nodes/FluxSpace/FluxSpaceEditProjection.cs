using NodeHost.Diffusion.Conditions;
using NodeHost.Diffusion.FluxSpace;
using NodeHost.Diffusion.Models;
using NodeHost.Graph.Contracts;

namespace NodeHost.Nodes.FluxSpace;

/// <summary>Lets the edit of the node before it act as in the paper: without what its prompts share with a neutral one.</summary>
[Node(
    WireName,
    Category = EditNode.Category,
    Module = EditNode.Module,
    Description = "Stands behind FluxSpaceEdit, FluxSpaceEditPair or FluxSpaceEditPairMulti. Attention under the edit prompts is added to the base's after what it shares with the neutral prompt's (usually an empty text) was taken out; nothing is taken from the base. Costs one more pass a step."
)]
public sealed class FluxSpaceEditProjection : INode<DiffusionModel>
{
    private const string WireName = "FluxSpaceEditProjection";

    [Input(Tooltip = "A model with an edit.")]
    public required DiffusionModel Model { get; init; }

    [Input(Tooltip = "The neutral prompt, usually an empty text.")]
    public required Conditioning NeutralConditioning { get; init; }

    public DiffusionModel Execute(NodeContext context)
    {
        if (Model.Wrapper is FluxSpaceEditor { Slots.Count: > 0 } editor)
        {
            return Model with { Wrapper = editor with { Neutral = NeutralConditioning } };
        }
        context.Warn(
            $"{EditNode.Name(context, WireName)}: the model carries no edit (a scale of 0 makes none), so there is nothing to project. "
                + "Connect the model of an edit node."
        );
        return Model;
    }
}
