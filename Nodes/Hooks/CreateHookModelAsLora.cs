using NodeHost.Diffusion.Hooks;
using NodeHost.Diffusion.Models.Store;
using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Files;
using NodeHost.Nodes.Loaders;

namespace NodeHost.Nodes.Hooks;

/// <summary>The difference to another checkpoint, applied where the conditioning that carries it does.</summary>
[Node(
    "CreateHookModelAsLora",
    Category = "advanced/hooks/create",
    DisplayName = "Create Hook Model as LoRA",
    Module = HookNode.Module,
    Experimental = true
)]
public sealed class CreateHookModelAsLora : INode<HookGroup>
{
    [Choice(typeof(ModelFiles), "checkpoints")]
    public required string CkptName { get; init; }

    [Number(-20.0, 20.0, Step = 0.01)]
    public double StrengthModel { get; init; } = 1.0;

    [Number(-20.0, 20.0, Step = 0.01)]
    public double StrengthClip { get; init; } = 1.0;

    [Input]
    public HookGroup? PrevHooks { get; init; }

    public HookGroup Execute(NodeContext context) =>
        HookNode.With(
            PrevHooks,
            StrengthModel,
            StrengthClip,
            () => context.Get<ModelStore>().LoadDifference(context.Get<IFolderPaths>().Require("checkpoints", CkptName))
        );
}
