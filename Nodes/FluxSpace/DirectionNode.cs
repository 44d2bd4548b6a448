using NodeHost.Diffusion.FluxSpace;
using NodeHost.Diffusion.FluxSpace.Directions;
using NodeHost.Diffusion.Models;
using NodeHost.Graph.Contracts;

namespace NodeHost.Nodes.FluxSpace;

/// <summary>What the nodes that add cached directions have in common.</summary>
internal static class DirectionNode
{
    public static DiffusionModel Apply(
        NodeContext context,
        DiffusionModel model,
        string wireName,
        (string Input, string Path) file,
        (double Scale, EditWindow Window, bool Verbose) edit,
        Func<string, DirectionSet> read
    )
    {
        if (edit.Scale == 0 || file.Path.Length == 0)
        {
            return model;
        }
        var name = EditNode.Name(context, wireName);
        var directions = InputArray.Read(context, name, file.Input, file.Path, read);
        var blocks = FluxBlockNames.Of(model.Source);
        var unknown = directions.Directions.Keys.Select(key => key.Block).Except(blocks).FirstOrDefault();
        if (unknown is not null || blocks.Count == 0)
        {
            throw new FluxSpaceException(
                $"{name}: {directions.File} "
                    + (unknown is null ? "is for joint attention" : $"names the layer {unknown}")
                    + $", and {model.Source.Name} has "
                    + (blocks.Count == 0 ? "none of it (it is no Flux model)" : $"{blocks[0]} to {blocks[^1]}")
                    + ". Measure again with this model, or load the one of the measurement."
            );
        }
        if (edit.Verbose)
        {
            context.Text($"{name}: {directions.Directions.Count} directions from {directions.File}");
        }
        var hook = new DirectionHook(name, directions, edit.Scale, edit.Window) { NodeId = context.NodeId };
        return model with { AttentionHooks = [.. model.AttentionHooks, hook] };
    }
}
