using NodeHost.Diffusion.Lora;
using NodeHost.Diffusion.Models;
using NodeHost.Diffusion.Models.Store;
using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Files;

namespace NodeHost.Nodes.FluxSpace;

/// <summary>What the loaders of step-gated LoRAs have in common.</summary>
internal static class GatedLoraNode
{
    public static DiffusionModel Apply(
        NodeContext context,
        string wireName,
        DiffusionModel model,
        string loraName,
        double strength,
        LoraGate gate,
        BlockStrengths? blocks
    )
    {
        if (strength == 0)
        {
            return model;
        }
        var name = EditNode.Name(context, wireName);
        var lora = context.Get<ModelStore>().LoadLora(context.Get<IFolderPaths>().Require("loras", loraName));
        if (lora.MergedOnly is { } module)
        {
            throw new LoraException(
                $"{name}: {lora.Path}: '{module.Name}' ({module.Description}) works only merged into the weights, which a LoRA that is "
                    + "switched during the run is not. Load this file with LoraLoader."
            );
        }
        if (lora.DescribeUnmatched([.. model.Source.Targets]) is { } unmatched)
        {
            context.Warn($"{name}: {unmatched}");
        }
        var weights = model.Source.Targets.SelectMany(target => target.Weights.Keys);
        if (blocks?.DescribeUnknown(weights) is { } unknown)
        {
            context.Warn($"{name}, input 'block_strengths': {unknown}");
        }
        return model with
        {
            GatedLoras =
            [
                .. model.GatedLoras,
                new GatedLora(lora, strength, gate)
                {
                    Name = name,
                    NodeId = context.NodeId,
                    Blocks = blocks,
                },
            ],
        };
    }
}
