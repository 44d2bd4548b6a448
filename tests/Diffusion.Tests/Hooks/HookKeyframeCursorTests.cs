using NodeHost.Diffusion.Checkpoints;
using NodeHost.Diffusion.Hooks;
using NodeHost.Diffusion.Sampling;
using NodeHost.Diffusion.Sampling.Schedules;

namespace NodeHost.Tests.Diffusion.Hooks;

public sealed class HookKeyframeCursorTests
{
    private static readonly FluxModelSampling Flux = new();

    [Fact]
    public void Strengths_WithoutKeyframes_AreOne() => Assert.Equal([1, 1, 1], Strengths(null, 3));

    [Fact]
    public void Strengths_SwitchAtTheBound()
    {
        var keyframes = HookKeyframes.None.Add(new(1, 0)).Add(new(0, 0.5));

        Assert.Equal([1, 1, 0, 0], Strengths(keyframes, 4));
    }

    [Fact]
    public void FirstKeyframe_DueTogetherWithTheNext_KeepsItsGuaranteedStep()
    {
        var keyframes = HookKeyframes.None.Add(new(1, 0)).Add(new(0, 0));

        Assert.Equal([1, 0, 0, 0], Strengths(keyframes, 4));
        var loose = HookKeyframes.None.Add(new(1, 0, GuaranteedSteps: 0)).Add(new(0, 0));
        Assert.Equal([0, 0, 0, 0], Strengths(loose, 4));
    }

    [Fact]
    public void Keyframes_DueInOneStep_TheLastCounts()
    {
        var keyframes = HookKeyframes
            .None.Add(new(1, 0))
            .Add(new(0.5, 0.3, GuaranteedSteps: 0))
            .Add(new(0.25, 0.4, GuaranteedSteps: 0));

        Assert.Equal([1, 1, 0.25, 0.25], Strengths(keyframes, 4));
    }

    [Fact]
    public void Spread_Linear_GoesFromStartToEnd()
    {
        var keyframes = HookKeyframes.None.AddSpread(HookCurve.Values(HookCurve.Linear, 1, 0, 3), 0, 1);

        Assert.Equal(
            [(1, 0), (0.5, 0.5), (0, 1)],
            keyframes.Keyframes.Select(item => (item.Strength, item.StartPercent))
        );
        Assert.Equal([1, 0, 0], keyframes.Keyframes.Select(item => item.GuaranteedSteps));
    }

    [Theory]
    [InlineData(HookCurve.EaseIn, 0.25)]
    [InlineData(HookCurve.EaseOut, 0.75)]
    [InlineData(HookCurve.EaseInOut, 0.5)]
    public void Curve_Middle_IsBentAsNamed(string curve, double middle) =>
        Assert.Equal(middle, HookCurve.Values(curve, 0, 1, 3)[1], 1e-6);

    [Fact]
    public void Combine_OneHookTwice_KeepsItOnce()
    {
        var hook = new WeightHook(new NoAdapter(), 1, 1);
        var group = new HookGroup([hook]);

        Assert.Single(HookGroup.Combine(group, new HookGroup([hook]))!.Hooks);
        Assert.Null(HookGroup.Combine(null, null));
    }

    [Fact]
    public void ClipParts_Scheduled_FollowTheKeyframes()
    {
        var hook = new WeightHook(new NoAdapter(), 1, 0.5)
        {
            Keyframes = HookKeyframes.None.Add(new(1, 0)).Add(new(0.5, 0.4)),
        };
        var parts = new ClipHooks(new HookGroup([hook]), AppliesToConditioning: true, IsScheduled: true).Parts();

        Assert.Equal(
            [(0, 0.4, 0.5), (0.4, 1, 0.25)],
            parts.Select(part => (part.Start, part.End, part.Patches[0].Strength))
        );
    }

    private static IEnumerable<double> Strengths(HookKeyframes? keyframes, int steps)
    {
        var sigmas = ScheduleCatalogue.Compute(ScheduleCatalogue.Get("simple"), Flux, steps);
        var cursor = new HookKeyframeCursor(keyframes, Flux, sigmas[0]);
        return [.. sigmas.SkipLast(1).Select(sigma => cursor.StrengthAt(sigma))];
    }

    private sealed class NoAdapter : IWeightAdapter
    {
        public IWeightPatcher? For(WeightTarget target, double strength) => null;
    }
}
