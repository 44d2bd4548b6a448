using NodeHost.Diffusion.Attention;
using NodeHost.Diffusion.Checkpoints;
using NodeHost.Diffusion.Conditions;
using NodeHost.Diffusion.FluxSpace;
using NodeHost.Diffusion.Models;
using NodeHost.Diffusion.Networks.Flux;
using NodeHost.Diffusion.Sampling;
using NodeHost.Diffusion.Sampling.Schedules;
using NodeHost.Tensors;
using NodeHost.Tests.Diffusion.Networks;

namespace NodeHost.Tests.Diffusion.FluxSpace;

/// <summary>What must not change a single bit.</summary>
[AssertNoLeakedTensors]
public sealed class EditExactnessTests : IDisposable
{
    private readonly TinyFlux _flux = new();

    public void Dispose() => _flux.Dispose();

    [Fact]
    public void Skeleton_AnyRun_ChangesNoBitAndSeesEverySite()
    {
        var calls = 0;
        var model = _flux.Model with
        {
            AttentionHooks = [new CountingHook("Skeleton", isVerbose: true), new Counter(() => calls++)],
        };

        Assert.Equal(_flux.Sample(_flux.Model), _flux.Sample(model));
        Assert.Equal(4 * TinyFlux.Sites, calls);
        Assert.Equal(4, _flux.Logs.Count);
        Assert.All(
            _flux.Logs,
            text => Assert.EndsWith("5 hook calls (2 double + 3 single)", text, StringComparison.Ordinal)
        );
    }

    [Fact]
    public void Sites_OfTheFullSizeModel_AreTheNumberQuotedEverywhere()
    {
        var entries = FluxWeights
            .Shapes(FluxConfig.Dev)
            .ToDictionary(pair => pair.Key, pair => new WeightInfo(DType.BFloat16, pair.Value));
        var names = FluxBlockNames.Of(new Described(new WeightTarget(ModelRole.Diffusion, "Flux", entries)));

        Assert.Equal(57, names.Count);
        Assert.Equal(["double_0", "double_18", "single_0", "single_37"], [names[0], names[18], names[19], names[56]]);
        var window = new EditWindow(0.15, 1);
        var sampling = new FluxModelSampling();
        var steps = ScheduleCatalogue
            .Compute(ScheduleCatalogue.Get("simple"), sampling, 20)
            .SkipLast(1)
            .Count(sigma => window.Contains(sampling, sigma));
        Assert.Equal(912, steps * names.Count);
    }

    [Theory]
    [InlineData(0.1, 0.9)]
    [InlineData(0.2, 0.8)]
    [InlineData(0.3, 0.7)]
    [InlineData(0.4, 0.6)]
    public void MixB_AnyTenths_AreThoseOfTheSwappedPairBitForBit(double mixB, double swapped) =>
        Assert.Equal(
            _flux.Sample(_flux.Edited(TinyFlux.Slot(_flux.A, _flux.B, 0.6, mixB))),
            _flux.Sample(_flux.Edited(TinyFlux.Slot(_flux.B, _flux.A, 0.6, swapped)))
        );

    [Fact]
    public void Prompts_ThatDifferInThePooledVectorOnly_AreTwo()
    {
        var other = new Conditioning([_flux.A.Entries[0] with { Pooled = _flux.B.Entries[0].Pooled }]);

        Assert.NotEqual(
            _flux.Sample(_flux.Edited(TinyFlux.Slot(_flux.A, _flux.A, 0.6))),
            _flux.Sample(_flux.Edited(TinyFlux.Slot(_flux.A, other, 0.6)))
        );
    }

    [Fact]
    public void Edit_AnyScaleButZero_ChangesTheResult()
    {
        var plain = _flux.Sample(_flux.Model);

        Assert.NotEqual(plain, _flux.Sample(_flux.Edited(TinyFlux.Slot(_flux.A, _flux.B, 0.1))));
        Assert.NotEqual(plain, _flux.Sample(_flux.Edited(TinyFlux.Slot(_flux.A, _flux.B, -0.1))));
    }

    [Theory]
    [InlineData(0.5, 0.25, 0.25)]
    [InlineData(1, 0.25, 0.25, 0.25, 0.25)]
    [InlineData(-0.5, -0.25, -0.25)]
    public void Slots_OfOnePair_AddUp(double whole, params double[] parts)
    {
        var slots = parts.Select((scale, index) => TinyFlux.Slot(_flux.A, _flux.B, scale, number: index + 1)).ToArray();

        Assert.Equal(
            _flux.Sample(_flux.Edited(TinyFlux.Slot(_flux.A, _flux.B, whole))),
            _flux.Sample(_flux.Edited(slots))
        );
    }

    [Theory]
    [InlineData(1, 0, 1)]
    [InlineData(1, 0, 3)]
    [InlineData(0.37, 0, 1)]
    public void Edit_TowardsTheBaseItself_ChangesNoBit(double scale, double mixB, double cfg)
    {
        // B is another prompt, but has no share.
        var edited = _flux.Edited(TinyFlux.Slot(_flux.Base, _flux.B, scale, mixB));

        Assert.Equal(_flux.Sample(_flux.Model, cfg: cfg), _flux.Sample(edited, cfg: cfg));
    }

    [Fact]
    public void Edit_BothPromptsTheBase_ChangesNoBit() =>
        Assert.Equal(
            _flux.Sample(_flux.Model),
            _flux.Sample(_flux.Edited(TinyFlux.Slot(_flux.Base, _flux.Base, 0.37)))
        );

    [Fact]
    public void MixB_Zero_EqualsOneOfTheSwappedPair() =>
        Assert.Equal(
            _flux.Sample(_flux.Edited(TinyFlux.Slot(_flux.A, _flux.B, 0.7, 0))),
            _flux.Sample(_flux.Edited(TinyFlux.Slot(_flux.B, _flux.A, 0.7, 1)))
        );

    [Fact]
    public void MixB_Half_IsSymmetric() =>
        Assert.Equal(
            _flux.Sample(_flux.Edited(TinyFlux.Slot(_flux.A, _flux.B, 0.7))),
            _flux.Sample(_flux.Edited(TinyFlux.Slot(_flux.B, _flux.A, 0.7)))
        );

    [Fact]
    public void MixB_Zero_EqualsTheEditWithOnePrompt() =>
        Assert.Equal(
            _flux.Sample(_flux.Edited(TinyFlux.Slot(_flux.A, _flux.B, 0.7, 0))),
            _flux.Sample(_flux.Edited(new EditSlot(1, _flux.A, null, 0.7)))
        );

    [Fact]
    public void MixB_OtherValues_Matter() =>
        Assert.NotEqual(
            _flux.Sample(_flux.Edited(TinyFlux.Slot(_flux.A, _flux.B, 0.7, 0.3))),
            _flux.Sample(_flux.Edited(TinyFlux.Slot(_flux.A, _flux.B, 0.7, 0.4)))
        );

    [Fact]
    public void Slots_InOtherOrder_GiveTheSameWithinRounding()
    {
        var (first, second) = (TinyFlux.Slot(_flux.A, _flux.B, 0.5), TinyFlux.Slot(_flux.C, _flux.D, 0.3, number: 2));

        Near(_flux.Sample(_flux.Edited(first, second)), _flux.Sample(_flux.Edited(second, first)));
    }

    [Fact]
    public void Slots_WithDifferentPrompts_AreNotConfused()
    {
        var alone = _flux.Sample(_flux.Edited(TinyFlux.Slot(_flux.A, _flux.B, 0.5)));
        var both = _flux.Sample(
            _flux.Edited(TinyFlux.Slot(_flux.A, _flux.B, 0.5), TinyFlux.Slot(_flux.C, _flux.D, 0.3, number: 2))
        );

        Assert.NotEqual(alone, both);
    }

    [Fact]
    public void Slots_NotPowersOfTwo_AddUpWithinRounding() =>
        Near(
            _flux.Sample(_flux.Edited(TinyFlux.Slot(_flux.A, _flux.B, 0.6))),
            _flux.Sample(
                _flux.Edited(TinyFlux.Slot(_flux.A, _flux.B, 0.2), TinyFlux.Slot(_flux.A, _flux.B, 0.4, number: 2))
            )
        );

    [Fact]
    public void Sample_Twice_GivesTheSameBits()
    {
        var model = _flux.Edited(TinyFlux.Slot(_flux.A, _flux.B, 0.5));

        Assert.Equal(_flux.Sample(model), _flux.Sample(model));
    }

    [Fact]
    public void Batch_OfTwo_HasTheFirstOfABatchOfOne()
    {
        var model = _flux.Edited(TinyFlux.Slot(_flux.A, _flux.B, 0.5));
        var one = _flux.Sample(model);

        Near(one, _flux.Sample(model, batch: 2)[..one.Length]);
    }

    [Fact]
    public void Chain_OfTwoEdits_IsTheDownstreamOne()
    {
        var upstream = _flux.Edited(TinyFlux.Slot(_flux.C, _flux.D, 0.5));
        var editor = new FluxSpaceEditor
        {
            Name = "Edit",
            Slots = [TinyFlux.Slot(_flux.A, _flux.B, 0.5)],
            Window = new EditWindow(0.15, 1),
        };

        Assert.Equal(_flux.Sample(editor.ApplyTo(_flux.Model)), _flux.Sample(editor.ApplyTo(upstream)));
    }

    [Fact]
    public void CachedReplay_OfUneditedDifferences_DiffersFromTheSecondSiteOn()
    {
        // The edited block k moves what block k + 1 attends to, so differences to the unedited base are others there.
        using var plain = new AttentionRecorder();
        using var prompt = new AttentionRecorder();
        using var live = new AttentionRecorder();
        _flux.Sample(_flux.Model with { AttentionHooks = [plain] }, steps: 1);
        _flux.Sample(_flux.Model with { AttentionHooks = [prompt] }, steps: 1, positive: _flux.A);
        var editor = new FluxSpaceEditor { Name = "Edit", Slots = [new EditSlot(1, _flux.A, null, 0.5)] };
        _flux.Sample(editor.ApplyTo(_flux.Model) with { AttentionHooks = [editor.Place, live] }, steps: 1);

        using var scope = new TensorScope();
        var replayed = plain.Taken.Zip(prompt.Taken, (own, other) => own + (other - own) * 0.5).ToArray();
        // The pass of the prompt comes first and ends in the edit's own hook at the last site; the base's follows.
        var steered = live.Taken.Skip(TinyFlux.Sites - 1).ToArray();
        Assert.Equal(TinyFlux.Sites, steered.Length);
        var differences = replayed.Zip(steered, (cached, real) => (cached - real).Abs().Max().Item()).ToArray();
        Assert.True(differences[0] < 1e-6, $"first site: {differences[0]}");
        Assert.All(differences[1..], difference => Assert.True(difference > 1e-5, $"later site: {difference}"));
    }

    private static void Near(float[] expected, float[] actual) =>
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-4f));

    private sealed class Described(WeightTarget target) : INetworkSource
    {
        public string Name => "described";

        public IReadOnlyList<WeightTarget> Targets => [target];

        public IDiffusionNetwork Load(IReadOnlyList<WeightPatch> patches) => throw new NotSupportedException();
    }

    private sealed class Counter(Action count) : IAttentionHook
    {
        public Tensor Apply(in AttentionOutput output)
        {
            count();
            return output.Value;
        }
    }
}
