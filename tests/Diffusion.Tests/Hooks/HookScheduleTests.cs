using NodeHost.Diffusion.Checkpoints;
using NodeHost.Diffusion.Hooks;
using NodeHost.Diffusion.Sampling;
using NodeHost.Diffusion.Sampling.Parameterizations;
using NodeHost.Diffusion.Sampling.Schedules;

namespace NodeHost.Tests.Diffusion.Hooks;

/// <summary>Strengths of every step against the rules written out: which keyframe is due, and which has steps guaranteed.</summary>
public sealed class HookScheduleTests
{
    private static readonly FluxModelSampling Flux = new();
    private static readonly DiscreteModelSampling Sd15 = new(new EpsPrediction());

    public static TheoryData<string> Curves => ["linear", "ease_in", "ease_out", "ease_in_out"];

    [Theory]
    [MemberData(nameof(Curves))]
    public void Curve_AnyCount_FollowsItsFormula(string curve)
    {
        foreach (var (from, to, count) in new[] { (0.2, 1.7, 7), (1.0, 0.0, 5), (0.5, 0.5, 3), (0.0, 2.0, 2) })
        {
            var values = HookCurve.Values(curve, from, to, count);

            Assert.Equal(count, values.Count);
            Assert.All(
                values.Index(),
                value => Assert.Equal(Formula(curve, from, to, value.Index / (count - 1.0)), value.Item, 1e-6)
            );
        }
    }

    [Theory]
    [MemberData(nameof(Curves))]
    public void Interpolated_EveryStepOfARun_HasTheLastKeyframeDue(string curve)
    {
        // Only the first keyframe is guaranteed a step; of the others the last one due counts.
        const int count = 6;
        foreach (var (start, end, steps) in new[] { (0.0, 1.0, 20), (0.1, 0.7, 9), (0.25, 0.5, 8) })
        {
            var keyframes = HookKeyframes.None.AddSpread(HookCurve.Values(curve, 1.5, 0.25, count), start, end);
            var sigmas = Steps(Flux, steps);
            var actual = Strengths(Flux, keyframes, sigmas);

            for (var step = 0; step < steps; step++)
            {
                // Percents are as ComfyUI has them: in float32, and so are the bounds.
                var due = Enumerable
                    .Range(0, count)
                    .LastOrDefault(
                        index => Bound(start + ((end - start) * index / (count - 1))) >= (float)sigmas[step],
                        0
                    );
                var expected = Formula(curve, 1.5, 0.25, (step == 0 ? 0 : due) / (count - 1.0));
                Assert.Equal(expected, actual[step], 1e-6);
            }
        }

        static float Bound(double percent) =>
            percent <= 0 ? 1
            : percent >= 1 ? 0
            : (float)(Math.Exp(1.15) / (Math.Exp(1.15) + (1 / (1 - (double)(float)percent) - 1)));
    }

    [Fact]
    public void GuaranteedKeyframes_DueTogether_AreShownOneAStep()
    {
        // CreateHookKeyframe guarantees a step to each.
        var keyframes = HookKeyframes.None.Add(new(0.1, 0)).Add(new(0.2, 0.3)).Add(new(0.3, 0.31)).Add(new(0.4, 0.32));

        Assert.Equal([0.1, 0.1, 0.1, 0.2, 0.3, 0.4, 0.4, 0.4], Strengths(Flux, keyframes, Steps(Flux, 8)));
    }

    [Fact]
    public void GuaranteedKeyframe_DueBeforeTheRunBegan_IsPassedOver()
    {
        // The later half of a schedule: the first two keyframes lie before it.
        var keyframes = HookKeyframes.None.Add(new(0.1, 0)).Add(new(0.2, 0.2)).Add(new(0.3, 0.4)).Add(new(0.4, 0.75));

        Assert.Equal([0.3, 0.3, 0.3, 0.4, 0.4], Strengths(Flux, keyframes, Steps(Flux, 10).Skip(5)));
    }

    [Fact]
    public void FirstKeyframe_OfSd15_IsPassedOverWhereTheNextIsDueAtOnce()
    {
        // SD1.5's start lies above every noise level, so nothing is guaranteed there; Flux's start is its first level.
        var keyframes = HookKeyframes.None.Add(new(1, 0)).Add(new(0.5, 0));

        Assert.Equal([0.5, 0.5, 0.5, 0.5], Strengths(Sd15, keyframes, Steps(Sd15, 4)));
        Assert.Equal([1, 0.5, 0.5, 0.5], Strengths(Flux, keyframes, Steps(Flux, 4)));
    }

    [Fact]
    public void FirstKeyframe_StartsLate_CountsFromTheBeginning() =>
        Assert.Equal([0.3, 0.3, 0.3, 0.3], Strengths(Flux, HookKeyframes.None.Add(new(0.3, 0.5)), Steps(Flux, 4)));

    [Fact]
    public void Cursor_LevelAskedTwice_CountsOneStep()
    {
        // Samplers of second order ask the next level, and again at the step that begins there.
        var keyframes = HookKeyframes.None.Add(new(0.1, 0)).Add(new(0.2, 0)).Add(new(0.3, 0));
        double[] sigmas = [1, 0.9, 0.9, 0.8, 0.8];

        Assert.Equal([0.1, 0.2, 0.2, 0.3, 0.3], Strengths(Flux, keyframes, sigmas));
    }

    [Fact]
    public void Keyframes_AddedInAnyOrder_AreDueByTheirStart()
    {
        var keyframes = HookKeyframes.None.Add(new(0.3, 0.75)).Add(new(0.1, 0)).Add(new(0.2, 0.25));

        Assert.Equal([0.1, 0.2, 0.2, 0.3], Strengths(Flux, keyframes, Steps(Flux, 4)));
    }

    [Fact]
    public void ClipParts_EqualNeighbours_AreOnePart()
    {
        var parts = Parts(HookKeyframes.None.Add(new(0.5, 0)).Add(new(0.5, 0.2)).Add(new(0.7, 0.6)).Add(new(0.1, 1)));

        Assert.Equal([(0.0, 0.6, 0.5), (0.6, 1.0, 0.7)], parts);
    }

    [Fact]
    public void ClipParts_BeforeTheFirstKeyframe_AreAsWithoutKeyframes() =>
        Assert.Equal([(0.0, 0.3, 1.0), (0.3, 1.0, 0.5)], Parts(HookKeyframes.None.Add(new(0.5, 0.3))));

    [Fact]
    public void ClipParts_OfSeveralHooks_ChangeWhereAnyDoes()
    {
        var (first, second) = (new NoAdapter(), new NoAdapter());
        var group = new HookGroup([
            new WeightHook(first, 1, 0.5) { Keyframes = HookKeyframes.None.Add(new(1, 0)).Add(new(0, 0.5)) },
            new WeightHook(second, 1, 2) { Keyframes = HookKeyframes.None.Add(new(0.25, 0)).Add(new(1, 0.75)) },
        ]);
        var parts = new ClipHooks(group, AppliesToConditioning: false, IsScheduled: true).Parts();

        Assert.Equal([(0.0, 0.5), (0.5, 0.75), (0.75, 1.0)], parts.Select(part => (part.Start, part.End)));
        Assert.Equal(
            [(0.5, 0.5), (0.0, 0.5), (0.0, 2.0)],
            parts.Select(part => (part.Patches[0].Strength, part.Patches[1].Strength))
        );
        Assert.All(parts, part => Assert.Same(first, part.Patches[0].Adapter));
    }

    [Fact]
    public void ClipParts_Unscheduled_IgnoreKeyframes()
    {
        var hook = new WeightHook(new NoAdapter(), 1, 0.5) { Keyframes = HookKeyframes.None.Add(new(0, 0)) };
        var part = Assert.Single(new ClipHooks(new HookGroup([hook]), true, IsScheduled: false).Parts());

        Assert.Equal((0, 1, 0.5), (part.Start, part.End, part.Patches[0].Strength));
    }

    private static IEnumerable<(double, double, double)> Parts(HookKeyframes keyframes)
    {
        var hook = new WeightHook(new NoAdapter(), 1, 1) { Keyframes = keyframes };
        return new ClipHooks(new HookGroup([hook]), AppliesToConditioning: false, IsScheduled: true)
            .Parts()
            .Select(part => (part.Start, part.End, part.Patches[0].Strength));
    }

    private static double Formula(string curve, double from, double to, double position) =>
        from
        + (
            (to - from)
            * curve switch
            {
                "linear" => position,
                "ease_in" => position * position,
                "ease_out" => 1 - ((1 - position) * (1 - position)),
                _ => (1 - Math.Cos(Math.PI * position)) / 2,
            }
        );

    private static double[] Steps(ModelSampling sampling, int count) =>
        [
            .. ScheduleCatalogue
                .Compute(ScheduleCatalogue.Get("simple"), sampling, count)
                .SkipLast(1)
                .Select(sigma => (double)sigma),
        ];

    private static double[] Strengths(ModelSampling sampling, HookKeyframes keyframes, IEnumerable<double> sigmas)
    {
        var all = sigmas.ToArray();
        var cursor = new HookKeyframeCursor(keyframes, sampling, all[0]);
        return [.. all.Select(cursor.StrengthAt)];
    }

    private sealed class NoAdapter : IWeightAdapter
    {
        public IWeightPatcher? For(WeightTarget target, double strength) => null;
    }
}
