using NodeHost.Diffusion.Models;
using NodeHost.Diffusion.Models.Store;
using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Files;

namespace NodeHost.Nodes.Loaders;

/// <summary>Merges a LoRA into a diffusion model.</summary>
[Node(
    "LoraLoaderModelOnly",
    Category = "loaders",
    Description = "LoRAs are used to modify diffusion and CLIP models, altering the way in which latents are denoised such as applying styles. Multiple LoRA nodes can be linked together."
)]
[Output(0, Tooltip = "The modified diffusion model.")]
[Output(1, Tooltip = "The modified CLIP model.")]
public sealed class LoraLoaderModelOnly : INode<DiffusionModel>
{
    [Input]
    public required DiffusionModel Model { get; init; }

    [Choice(typeof(ModelFiles), "loras")]
    public required string LoraName { get; init; }

    [Number(-100.0, 100.0, Step = 0.01)]
    public double StrengthModel { get; init; } = 1.0;

    public DiffusionModel Execute(NodeContext context)
    {
        if (StrengthModel == 0)
        {
            return Model;
        }
        var lora = context.Get<ModelStore>().LoadLora(context.Get<IFolderPaths>().Require("loras", LoraName));
        if (lora.DescribeUnmatched([.. Model.Source.Targets]) is { } unmatched)
        {
            context.Warn(unmatched);
        }
        return Model with { Patches = [.. Model.Patches, new(lora, StrengthModel)] };
    }
}
