using NodeHost.Tensors;

namespace NodeHost.Diffusion.Hooks;

/// <summary>The value of a HOOK_KEYFRAMES socket: changes of strength in the order in which they are due.</summary>
/// <param name="Keyframes">The changes.</param>
public sealed record HookKeyframes(IReadOnlyList<HookKeyframe> Keyframes)
{
    public static readonly HookKeyframes None = new([]);

    /// <summary>With another change; of several due at once, the one added last comes last.</summary>
    public HookKeyframes Add(HookKeyframe keyframe) =>
        new([.. Keyframes.Append(keyframe).OrderBy(item => item.StartPercent)]);

    /// <summary>With changes spread evenly over a part of the run; only the first is guaranteed its step.</summary>
    public HookKeyframes AddSpread(IReadOnlyList<double> strengths, double start, double end)
    {
        ArgumentNullException.ThrowIfNull(strengths);
        using var percents = Tensor.Linspace(start, end, strengths.Count);
        return strengths
            .Zip(percents.ToArray<float>())
            .Index()
            .Aggregate(
                this,
                (all, item) =>
                    all.Add(
                        new HookKeyframe(item.Item.First, item.Item.Second, GuaranteedSteps: item.Index == 0 ? 1 : 0)
                    )
            );
    }
}
