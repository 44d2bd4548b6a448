using NodeHost.Diffusion.Checkpoints;
using NodeHost.Diffusion.Conditions;
using NodeHost.Diffusion.Hooks;
using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Hooks;
using NodeHost.Nodes.Values;
using NodeHost.Tensors;

namespace NodeHost.Tests.Nodes.Hooks;

public sealed class HookNodeTests : IDisposable
{
    private static readonly HookGroup First = new([new WeightHook(new NoAdapter(), 0.5, 0)]);
    private static readonly HookGroup Second = new([new WeightHook(new NoAdapter(), 0.25, 0)]);

    private readonly TensorScope _scope = new();
    private readonly NodeContext _context = new();

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void SetProperties_All_AreOnEveryPrompt()
    {
        var mask = new Mask(Tensor.Ones([4, 4]));
        var changed = new ConditioningSetProperties
        {
            CondNew = new([Entry(), Entry() with { Hooks = First }]),
            Strength = 0.7,
            SetCondArea = "mask bounds",
            Mask = mask,
            Hooks = Second,
            Timesteps = new TimestepsRange(0.2, 0.6),
        }.Execute(_context);

        Assert.All(
            changed.Entries,
            entry =>
            {
                Assert.Equal((0.7, true, 1.0), (entry.MaskStrength, entry.SetAreaToBounds, entry.Strength));
                Assert.Equal((0.2, 0.6), (entry.StartPercent, entry.EndPercent));
                // [H, W] becomes a batch of one.
                Assert.Equal([1, 4, 4], entry.Mask!.Shape.ToArray());
            }
        );
        Assert.Equal(Second.Hooks, changed.Entries[0].Hooks!.Hooks);
        Assert.Equal([.. First.Hooks, .. Second.Hooks], changed.Entries[1].Hooks!.Hooks);
    }

    [Fact]
    public void SetProperties_None_LeavesThePromptAsItWas()
    {
        var entry = Entry() with { StartPercent = 0.1, EndPercent = 0.9, Hooks = First, Strength = 0.4 };
        // Without a mask the strength has nothing to act on.
        var changed = new ConditioningSetProperties { CondNew = new([entry]), Strength = 5 }.Execute(_context);

        Assert.Equal(entry, Assert.Single(changed.Entries));
    }

    [Fact]
    public void SetPropertiesAndCombine_PutsTheNewPromptBehind()
    {
        var (former, added) = (Entry(), Entry());
        var both = new ConditioningSetPropertiesAndCombine
        {
            Cond = new([former]),
            CondNew = new([added]),
            Hooks = First,
        }.Execute(_context);

        Assert.Equal([former, added with { Hooks = First }], both.Entries);
    }

    [Fact]
    public void SetDefaultCombine_MarksTheSecondPrompt()
    {
        var (former, fallback) = (Entry(), Entry());
        var both = new ConditioningSetDefaultAndCombine
        {
            Cond = new([former]),
            CondDefault = new([fallback]),
            Hooks = First,
        }.Execute(_context);

        Assert.Equal([former, fallback with { IsDefault = true, Hooks = First }], both.Entries);
    }

    [Fact]
    public void Pairs_AreChangedSideBySide()
    {
        var (a, b, c, d) = (Entry(), Entry(), Entry(), Entry());
        var changed = new PairConditioningSetProperties
        {
            PositiveNew = new([a]),
            NegativeNew = new([b]),
            Hooks = First,
        }.Execute(_context);
        Assert.Equal([a with { Hooks = First }], changed.Positive.Entries);
        Assert.Equal([b with { Hooks = First }], changed.Negative.Entries);

        var combined = new PairConditioningCombine
        {
            PositiveA = new([a]),
            NegativeA = new([b]),
            PositiveB = new([c]),
            NegativeB = new([d]),
        }.Execute(_context);
        Assert.Equal([a, c], combined.Positive.Entries);
        Assert.Equal([b, d], combined.Negative.Entries);

        var joined = new PairConditioningSetPropertiesAndCombine
        {
            Positive = new([a]),
            Negative = new([b]),
            PositiveNew = new([c]),
            NegativeNew = new([d]),
            Timesteps = new TimestepsRange(0, 0.5),
        }.Execute(_context);
        Assert.Equal([a, c with { StartPercent = 0, EndPercent = 0.5 }], joined.Positive.Entries);
        Assert.Equal([b, d with { StartPercent = 0, EndPercent = 0.5 }], joined.Negative.Entries);

        var defaults = new PairConditioningSetDefaultAndCombine
        {
            Positive = new([a]),
            Negative = new([b]),
            PositiveDefault = new([c]),
            NegativeDefault = new([d]),
        }.Execute(_context);
        Assert.Equal([a, c with { IsDefault = true }], defaults.Positive.Entries);
        Assert.Equal([b, d with { IsDefault = true }], defaults.Negative.Entries);
    }

    [Fact]
    public void TimestepsRange_GivesThePartsBeforeAndBehindToo()
    {
        var (range, before, after) = new ConditioningTimestepsRange { StartPercent = 0.2, EndPercent = 0.7 }.Execute(
            _context
        );

        Assert.Equal((new(0.2, 0.7), new(0, 0.2), new(0.7, 1)), (range, before, after));
    }

    [Fact]
    public void Keyframes_OfACurve_ContinueFormerOnes()
    {
        var former = new CreateHookKeyframe { StrengthMult = 2, StartPercent = 0.05 }.Execute(_context);
        var keyframes = new CreateHookKeyframesInterpolated
        {
            StrengthStart = 1,
            StrengthEnd = 0,
            StartPercent = 0.25,
            EndPercent = 0.75,
            KeyframesCount = 3,
            Interpolation = "ease_in",
            PrevHookKf = former,
        }.Execute(_context);

        Assert.Equal(
            [(2, 0.05, 1), (1, 0.25, 1), (0.75, 0.5, 0), (0, 0.75, 0)],
            keyframes.Keyframes.Select(item => (item.Strength, Math.Round(item.StartPercent, 6), item.GuaranteedSteps))
        );
        // The former ones are not changed by it.
        Assert.Single(former.Keyframes);
    }

    [Fact]
    public void Keyframes_OfFloats_SpreadOverThePart()
    {
        var keyframes = new CreateHookKeyframesFromFloats
        {
            FloatsStrength = new List<double> { 0.5, 1, 0.25 },
            StartPercent = 0,
            EndPercent = 0.5,
        }.Execute(_context);

        Assert.Equal(
            [(0.5, 0, 1), (1, 0.25, 0), (0.25, 0.5, 0)],
            keyframes.Keyframes.Select(item => (item.Strength, item.StartPercent, item.GuaranteedSteps))
        );
        var single = new CreateHookKeyframesFromFloats { FloatsStrength = 0.3, StartPercent = 0.2 }.Execute(_context);
        Assert.Equal((0.3, 0.2), (single.Keyframes[0].Strength, Math.Round(single.Keyframes[0].StartPercent, 6)));
        Assert.Contains(
            "expected numbers",
            Assert
                .Throws<ArgumentException>(() =>
                    new CreateHookKeyframesFromFloats { FloatsStrength = "x" }.Execute(_context)
                )
                .Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void CombineHooks_KeepsEachOnceInOrder()
    {
        Assert.Equal(
            [.. First.Hooks, .. Second.Hooks],
            new CombineHooks4
            {
                HooksB = First,
                HooksC = Second,
                HooksD = First,
            }
                .Execute(_context)
                .Hooks
        );
        Assert.Equal(
            Second.Hooks,
            new CombineHooks8 { HooksH = Second }
                .Execute(_context)
                .Hooks
        );
        Assert.Empty(new CombineHooks2().Execute(_context).Hooks);
    }

    [Fact]
    public void SetHookKeyframes_ReplacesThemInACopy()
    {
        var keyframes = HookKeyframes.None.Add(new(0.5, 0.5));
        var changed = new SetHookKeyframes { Hooks = First, HookKf = keyframes }.Execute(_context);

        Assert.Same(keyframes, changed.Hooks[0].Keyframes);
        Assert.Null(First.Hooks[0].Keyframes);
        Assert.Same(First, new SetHookKeyframes { Hooks = First }.Execute(_context));
    }

    private static ConditioningEntry Entry() => new() { Context = Tensor.Zeros([1, 2, 3]) };

    private sealed class NoAdapter : IWeightAdapter
    {
        public IWeightPatcher? For(WeightTarget target, double strength) => null;
    }
}
