using NodeHost.Diffusion.Models;
using NodeHost.Diffusion.Models.Store;
using NodeHost.Diffusion.Text;
using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Files;

namespace NodeHost.Nodes.Loaders;

/// <summary>Merges a LoRA into a diffusion model and its text encoder.</summary>
[Node(
    "LoraLoader",
    Category = "loaders",
    DisplayName = "Load LoRA",
    Description = "LoRAs are used to modify diffusion and CLIP models, altering the way in which latents are denoised such as applying styles. Multiple LoRA nodes can be linked together."
)]
[Output(0, Tooltip = "The modified diffusion model.")]
[Output(1, Tooltip = "The modified CLIP model.")]
public sealed class LoraLoader : INode<(DiffusionModel Model, Clip Clip)>
{
    [Input(Tooltip = "The diffusion model the LoRA will be applied to.")]
    public required DiffusionModel Model { get; init; }

    [Input(Tooltip = "The CLIP model the LoRA will be applied to.")]
    public required Clip Clip { get; init; }

    [Choice(typeof(ModelFiles), "loras", Tooltip = "The name of the LoRA.")]
    public required string LoraName { get; init; }

    [Number(
        -100.0,
        100.0,
        Step = 0.01,
        Tooltip = "How strongly to modify the diffusion model. This value can be negative."
    )]
    public double StrengthModel { get; init; } = 1.0;

    [Number(-100.0, 100.0, Step = 0.01, Tooltip = "How strongly to modify the CLIP model. This value can be negative.")]
    public double StrengthClip { get; init; } = 1.0;

    public (DiffusionModel Model, Clip Clip) Execute(NodeContext context)
    {
        if (StrengthModel == 0 && StrengthClip == 0)
        {
            return (Model, Clip);
        }
        var lora = context.Get<ModelStore>().LoadLora(context.Get<IFolderPaths>().Require("loras", LoraName));
        if (lora.DescribeUnmatched([.. Model.Source.Targets, .. Clip.Encoder.Targets]) is { } unmatched)
        {
            context.Warn(unmatched);
        }
        return (
            StrengthModel == 0 ? Model : Model with { Patches = [.. Model.Patches, new(lora, StrengthModel)] },
            StrengthClip == 0 ? Clip : Clip with { Patches = [.. Clip.Patches, new(lora, StrengthClip)] }
        );
    }
}
