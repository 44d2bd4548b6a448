using NodeHost.Diffusion.FluxSpace;
using NodeHost.Diffusion.Models;
using NodeHost.Graph.Contracts;

namespace NodeHost.Nodes.FluxSpace;

/// <summary>A hook at every attention layer that changes nothing: the picture must be that of the model without it.</summary>
[Node(WireName, Category = EditNode.Category, Module = EditNode.Module)]
public sealed class FluxSpaceEditSkeleton : INode<DiffusionModel>
{
    private const string WireName = "FluxSpaceEditSkeleton";

    [Input]
    public required DiffusionModel Model { get; init; }

    [Toggle]
    public bool Verbose { get; init; }

    public DiffusionModel Execute(NodeContext context) =>
        Model with
        {
            AttentionHooks = [.. Model.AttentionHooks, new CountingHook(EditNode.Name(context, WireName), Verbose)],
        };
}
