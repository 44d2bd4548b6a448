using NodeHost.Diffusion.Hooks;
using NodeHost.Diffusion.Models.Store;
using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Files;
using NodeHost.Nodes.Loaders;

namespace NodeHost.Nodes.Hooks;

/// <summary>The difference to another checkpoint, applied where the conditioning that carries it does; to the diffusion model only.</summary>
[Node(
    "CreateHookModelAsLoraModelOnly",
    Category = "advanced/hooks/create",
    DisplayName = "Create Hook Model as LoRA (MO)",
    Module = HookNode.Module,
    Experimental = true
)]
public sealed class CreateHookModelAsLoraModelOnly : INode<HookGroup>
{
    [Choice(typeof(ModelFiles), "checkpoints")]
    public required string CkptName { get; init; }

    [Number(-20.0, 20.0, Step = 0.01)]
    public double StrengthModel { get; init; } = 1.0;

    [Input]
    public HookGroup? PrevHooks { get; init; }

    public HookGroup Execute(NodeContext context) =>
        HookNode.With(
            PrevHooks,
            StrengthModel,
            strengthClip: 0,
            () => context.Get<ModelStore>().LoadDifference(context.Get<IFolderPaths>().Require("checkpoints", CkptName))
        );
}
