using NodeHost.Diffusion.Models;

namespace NodeHost.Diffusion.Hooks;

/// <summary>Hooks on a text encoder.</summary>
/// <param name="Group">The hooks.</param>
/// <param name="AppliesToConditioning">Whether prompts encoded with it carry the hooks on to the diffusion model.</param>
/// <param name="IsScheduled">Whether prompts are encoded once for each strength that keyframes give, for its part of the run.</param>
public sealed record ClipHooks(HookGroup Group, bool AppliesToConditioning, bool IsScheduled)
{
    /// <summary>The parts of the run between changes of strength, each with the adapters as they are then.</summary>
    public IReadOnlyList<(double Start, double End, IReadOnlyList<WeightPatch> Patches)> Parts()
    {
        if (!IsScheduled)
        {
            return [(0, 1, [.. Group.Hooks.Select(hook => new WeightPatch(hook.Adapter, hook.StrengthClip))])];
        }
        double[] starts =
        [
            .. Group
                .Hooks.SelectMany(hook => hook.Keyframes?.Keyframes ?? [])
                .Select(keyframe => keyframe.StartPercent)
                .Append(0)
                .Distinct()
                .Order(),
        ];
        return
        [
            .. starts.Select(
                (start, index) =>
                    (
                        start,
                        index + 1 < starts.Length ? starts[index + 1] : 1,
                        (IReadOnlyList<WeightPatch>)
                            [
                                .. Group.Hooks.Select(hook => new WeightPatch(
                                    hook.Adapter,
                                    hook.StrengthClip * StrengthAt(hook, start)
                                )),
                            ]
                    )
            ),
        ];
    }

    private static double StrengthAt(WeightHook hook, double percent)
    {
        var keyframes = hook.Keyframes?.Keyframes ?? [];
        return keyframes.Count == 0
            ? 1
            : (keyframes.LastOrDefault(item => item.StartPercent <= percent) ?? keyframes[0]).Strength;
    }
}
