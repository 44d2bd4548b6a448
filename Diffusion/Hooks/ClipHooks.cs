using NodeHost.Diffusion.Models;

namespace NodeHost.Diffusion.Hooks;

/// <summary>Hooks on a text encoder.</summary>
/// <param name="Group">The hooks.</param>
/// <param name="AppliesToConditioning">Whether prompts encoded with it carry the hooks on to the diffusion model.</param>
/// <param name="IsScheduled">Whether prompts are encoded once for each strength that keyframes give, for its part of the run.</param>
public sealed record ClipHooks(HookGroup Group, bool AppliesToConditioning, bool IsScheduled)
{
    private const double Tolerance = 1e-9;

    /// <summary>The parts of the run between changes of strength, each with the adapters as they are then.</summary>
    public IReadOnlyList<(double Start, double End, IReadOnlyList<WeightPatch> Patches)> Parts()
    {
        if (!IsScheduled)
        {
            return [(0, 1, [.. Group.Hooks.Select(hook => new WeightPatch(hook.Adapter, hook.StrengthClip))])];
        }
        var starts = Group
            .Hooks.SelectMany(hook => hook.Keyframes?.Keyframes ?? [])
            .Select(keyframe => keyframe.StartPercent)
            .Where(start => start < 1)
            .Append(0)
            .Distinct()
            .Order();
        var parts = new List<(double Start, double[] Strengths)>();
        foreach (var start in starts)
        {
            double[] strengths = [.. Group.Hooks.Select(hook => StrengthAt(hook, start))];
            if (parts.Count == 0 || !AreEqual(parts[^1].Strengths, strengths))
            {
                parts.Add((start, strengths));
            }
        }
        return
        [
            .. parts.Select(
                (part, index) =>
                    (
                        part.Start,
                        index + 1 < parts.Count ? parts[index + 1].Start : 1,
                        (IReadOnlyList<WeightPatch>)
                            [
                                .. Group.Hooks.Zip(
                                    part.Strengths,
                                    (hook, strength) => new WeightPatch(hook.Adapter, hook.StrengthClip * strength)
                                ),
                            ]
                    )
            ),
        ];
    }

    // Before its first keyframe a hook is as it would be without any.
    private static double StrengthAt(WeightHook hook, double percent) =>
        (hook.Keyframes?.Keyframes ?? []).LastOrDefault(item => item.StartPercent <= percent)?.Strength ?? 1;

    private static bool AreEqual(double[] first, double[] second) =>
        first
            .Zip(second)
            .All(pair =>
                Math.Abs(pair.First - pair.Second) <= Tolerance * Math.Max(Math.Abs(pair.First), Math.Abs(pair.Second))
            );
}
