using NodeHost.Diffusion.Hooks;
using NodeHost.Diffusion.Models.Store;
using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Files;
using NodeHost.Nodes.Loaders;

namespace NodeHost.Nodes.Hooks;

/// <summary>A LoRA that applies where the conditioning that carries it does; to the diffusion model only.</summary>
[Node(
    "CreateHookLoraModelOnly",
    Category = "advanced/hooks/create",
    DisplayName = "Create Hook LoRA (MO)",
    Module = HookNode.Module,
    Experimental = true
)]
public sealed class CreateHookLoraModelOnly : INode<HookGroup>
{
    [Choice(typeof(ModelFiles), "loras")]
    public required string LoraName { get; init; }

    [Number(-20.0, 20.0, Step = 0.01)]
    public double StrengthModel { get; init; } = 1.0;

    [Input]
    public HookGroup? PrevHooks { get; init; }

    public HookGroup Execute(NodeContext context) =>
        HookNode.With(
            PrevHooks,
            StrengthModel,
            strengthClip: 0,
            () => context.Get<ModelStore>().LoadLora(context.Get<IFolderPaths>().Require("loras", LoraName))
        );
}
