using NodeHost.Diffusion.Hooks;
using NodeHost.Diffusion.Text;
using NodeHost.Graph.Contracts;

namespace NodeHost.Nodes.Hooks;

/// <summary>Encodes prompts with hooks, and lets them carry the hooks on to the diffusion model.</summary>
[Node(
    "SetClipHooks",
    Category = "advanced/hooks/clip",
    DisplayName = "Set CLIP Hooks",
    Module = HookNode.Module,
    Experimental = true
)]
public sealed class SetClipHooks : INode<Clip>
{
    [Input]
    public required Clip Clip { get; init; }

    [Toggle]
    public bool ApplyToConds { get; init; } = true;

    [Toggle]
    public bool ScheduleClip { get; init; }

    [Input]
    public HookGroup? Hooks { get; init; }

    public Clip Execute(NodeContext context) =>
        Hooks is null ? Clip : Clip with { Hooks = new ClipHooks(Hooks, ApplyToConds, ScheduleClip) };
}
