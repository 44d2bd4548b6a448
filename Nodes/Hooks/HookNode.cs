using NodeHost.Diffusion.Checkpoints;
using NodeHost.Diffusion.Hooks;

namespace NodeHost.Nodes.Hooks;

/// <summary>What the nodes of hooks have in common.</summary>
internal static class HookNode
{
    public const string Module = "comfy_extras.nodes_hooks";
    public const string DefaultArea = "default";
    public const string MaskBounds = "mask bounds";

    /// <summary>A group with one more hook; a hook without strength is left out.</summary>
    public static HookGroup With(
        HookGroup? previous,
        double strengthModel,
        double strengthClip,
        Func<IWeightAdapter> open
    ) =>
        strengthModel == 0 && strengthClip == 0
            ? previous ?? HookGroup.Empty
            : HookGroup.Combine(previous, new HookGroup([new WeightHook(open(), strengthModel, strengthClip)]))!;

    /// <summary>All of these groups in one.</summary>
    public static HookGroup CombineAll(params HookGroup?[] groups) =>
        groups.Aggregate((HookGroup?)null, HookGroup.Combine) ?? HookGroup.Empty;
}
