using NodeHost.Diffusion.Attention;
using NodeHost.Diffusion.Conditions;
using NodeHost.Diffusion.FluxSpace;
using NodeHost.Diffusion.Sampling;
using NodeHost.Tensors;

namespace NodeHost.Tests.Diffusion.FluxSpace;

[AssertNoLeakedTensors]
public sealed class EditPassTests : IDisposable
{
    private readonly TinyFlux _flux = new();
    private readonly Conditioning[] _many;

    public EditPassTests()
    {
        _many = [.. Enumerable.Range(20, 8).Select(seed => _flux.Prompt(seed))];
    }

    public void Dispose() => _flux.Dispose();

    [Theory]
    [InlineData(1, 52)]
    [InlineData(2, 84)]
    [InlineData(4, 148)]
    public void Passes_TwentyStepsFromFifteenPercent_AreThePublishedCounts(int slots, int expected)
    {
        Conditioning[] prompts = [_flux.A, _flux.B, _flux.C, _flux.D];
        var edits = Enumerable
            .Range(1, slots)
            .Select(number => TinyFlux.Slot(prompts[number - 1], prompts[number % 4], 0.1, number: number));
        _flux.Sample(_flux.Edited([.. edits]), steps: 20);

        Assert.Equal(expected, _flux.Modes.Count);
        Assert.Equal(16, _flux.Modes.Count(mode => mode == "steer"));
        Assert.Equal(4, _flux.Modes.Count(mode => mode == "plain"));
    }

    [Fact]
    public void Passes_OfASingleEdit_AreTwoAStep()
    {
        _flux.Sample(_flux.Edited(new EditSlot(1, _flux.A, null, 0.5)), steps: 20);

        Assert.Equal(36, _flux.Modes.Count);
    }

    [Fact]
    public void Passes_OfEqualPrompts_RunOnceAndCountAsOften()
    {
        var model = _flux.Edited(
            EditWindow.Whole,
            TinyFlux.Slot(_flux.A, _flux.B, 0.5),
            TinyFlux.Slot(_flux.AgainA, _flux.B, 0.25, number: 2)
        );
        _flux.Sample(model, steps: 1);

        Assert.Equal(["capture 1a", "capture 1b", "capture 2a", "capture 2b", "steer"], _flux.Modes);
        // Two prompts are left, and they share a pass.
        Assert.Equal((2, 2), (_flux.NetworkCalls, _flux.LargestBatch));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Passes_InOneBatch_GiveTheSameAndCountAsOften(double cfg)
    {
        var editor = new FluxSpaceEditor
        {
            Name = "Edit",
            Slots = [TinyFlux.Slot(_flux.A, _flux.B, 0.5), TinyFlux.Slot(_flux.C, _flux.D, 0.25, number: 2)],
        };
        var apart = _flux.Sample((editor with { PromptsAtOnce = 1 }).ApplyTo(_flux.Model), 2, cfg);
        var (modes, calls) = (_flux.Modes.ToArray(), _flux.NetworkCalls);
        var together = _flux.Sample((editor with { PromptsAtOnce = 3 }).ApplyTo(_flux.Model), 2, cfg);

        Assert.Equal(modes, _flux.Modes);
        Assert.Equal(10, calls);
        Assert.Equal(6, _flux.NetworkCalls);
        Assert.All(apart.Zip(together), pair => Assert.Equal(pair.First, pair.Second, 1e-4f));
    }

    [Fact]
    public void Passes_OfSeveralPrompts_HoldTwo()
    {
        var (first, second) = (TinyFlux.Slot(_flux.A, _flux.B, 0.5), TinyFlux.Slot(_flux.C, _flux.D, 0.25, number: 2));
        _flux.Sample(_flux.Edited(EditWindow.Whole, first, second), 1);

        Assert.Equal((3, 2), (_flux.NetworkCalls, _flux.LargestBatch));
    }

    [Fact]
    public void Passes_ThatDoNotFitTogether_RunOneByOne()
    {
        var editor = new FluxSpaceEditor
        {
            Name = "Edit",
            Slots = [TinyFlux.Slot(_flux.A, _flux.B, 0.5), TinyFlux.Slot(_flux.C, _flux.D, 0.25, number: 2)],
        };
        var expected = _flux.Sample((editor with { PromptsAtOnce = 1 }).ApplyTo(_flux.Model), 2);
        var modes = _flux.Modes.ToArray();
        var refused = 0;
        _flux.BeforeCall = batch =>
        {
            // The second batch of the first step: what the first has left has to go as well.
            if (batch > 1 && ++refused == 2)
            {
                Tensor.Zeros([1L << 50]);
            }
        };

        Assert.Equal(expected, _flux.Sample(editor.ApplyTo(_flux.Model), 2));
        Assert.Equal(modes, _flux.Modes);
        Assert.Equal((2, 11), (refused, _flux.NetworkCalls));
    }

    [Fact]
    public void Passes_OfMoreSlots_HoldNoMoreTensors()
    {
        long Peak(int slots)
        {
            var watch = new LiveTensors();
            var edits = Enumerable
                .Range(0, slots)
                .Select(slot => TinyFlux.Slot(_many[2 * slot], _many[(2 * slot) + 1], 0.1, 0.3, number: slot + 1));
            var model = _flux.Edited(EditWindow.Whole, [.. edits]);
            _flux.Sample(model with { AttentionHooks = [watch, .. model.AttentionHooks, watch] }, 2);
            Assert.Equal(slots + 1, _flux.NetworkCalls / 2);
            return watch.Peak;
        }

        // The first run brings the weights in. From two slots on a pass for prompts begins with all sums there.
        Peak(1);
        var two = Peak(2);
        Assert.Equal((two, two), (Peak(3), Peak(4)));
    }

    [Fact]
    public void Passes_OfAPromptWithoutShare_CountButNeedNotRun()
    {
        _flux.Sample(_flux.Edited(EditWindow.Whole, TinyFlux.Slot(_flux.A, _flux.B, 0.5, 0)), steps: 1);

        Assert.Equal(["capture 1a", "capture 1b", "steer"], _flux.Modes);
        Assert.Equal(2, _flux.NetworkCalls);
    }

    [Fact]
    public void Passes_WithTwoEvaluationsAStep_AreGatedByTheirOwnNoiseLevel()
    {
        // Heun evaluates the next level too: at the last step before the window that one already lies inside.
        _flux.Sample(_flux.Edited(new EditWindow(0.5, 1), TinyFlux.Slot(_flux.A, _flux.B, 0.5)), 4, sampler: "heun");

        var sigmas = _flux.Forwards.Where(forward => forward.Mode == "steer").Select(forward => forward.Timestep);
        var bound = _flux.Model.Sampling.PercentToSigma(0.5);
        Assert.All(sigmas, sigma => Assert.True(sigma <= bound));
        Assert.Equal(2, sigmas.Count());
    }

    [Fact]
    public void Window_WithNoStep_LeavesTheResultAndWarns()
    {
        var edited = _flux.Sample(_flux.Edited(new EditWindow(0.4, 0.41), TinyFlux.Slot(_flux.A, _flux.B, 1)), 8);
        var warning = Assert.Single(_flux.Warnings);

        Assert.Equal("12", warning.NodeId);
        Assert.Contains("[0.4, 0.41] selects none of the 8 steps", warning.Message, StringComparison.Ordinal);
        Assert.Equal(_flux.Sample(_flux.Model, 8), edited);
    }

    [Fact]
    public void Window_EndOfOne_IncludesTheLastStep()
    {
        _flux.Sample(_flux.Edited(new EditWindow(0.15, 1), TinyFlux.Slot(_flux.A, _flux.B, 0.5)), 20);

        Assert.Equal("steer", _flux.Modes[^1]);
    }

    [Fact]
    public void Window_FollowsTheSamplingInForce()
    {
        // Of the levels 0.752 and 0.646 the model's own bound, 0.794, would let both in, and the one in force, 0.690, the second.
        var model = _flux.Edited(new EditWindow(0.45, 1), TinyFlux.Slot(_flux.A, _flux.B, 0.5));
        var shifted = new FluxModelSampling(0.6);
        _flux.Sample(model with { Sampling = shifted }, 8);

        Assert.Equal(0.6457, _flux.Forwards.First(forward => forward.Mode == "steer").Timestep, 4);
        Assert.Equal(4, _flux.Modes.Count(mode => mode == "steer"));
    }

    [Fact]
    public void Guidance_NegativeRows_AreNotEdited()
    {
        // With both prompts in one batch only the rows of the positive one are steered.
        var model = _flux.Edited(EditWindow.Whole, TinyFlux.Slot(_flux.A, _flux.B, 0.5));
        var edited = _flux.Sample(model, steps: 2, cfg: 3);

        Assert.All(_flux.Forwards, forward => Assert.Equal(2, forward.Rows));
        Assert.NotEqual(_flux.Sample(_flux.Model, steps: 2, cfg: 3), edited);
    }

    [Fact]
    public void TextLength_OtherThanTheBases_IsAnErrorAtTheFirstActiveCall()
    {
        var model = _flux.Edited(TinyFlux.Slot(_flux.A, _flux.Long, 0.5));
        var error = Assert.Throws<FluxSpaceException>(() => _flux.Sample(model, 20));

        Assert.Contains("prompt 1b is 7 tokens long, the base prompt 5", error.Message, StringComparison.Ordinal);
        Assert.Equal(["plain", "plain", "plain", "plain"], _flux.Modes);
    }

    [Fact]
    public void FailedEdit_LeavesTheModelAsItWas()
    {
        var plain = _flux.Sample(_flux.Model);
        var failing = _flux.Edited(TinyFlux.Slot(_flux.A, _flux.Long, 0.5));
        Assert.Throws<FluxSpaceException>(() => _flux.Sample(failing));

        Assert.Equal(plain, _flux.Sample(_flux.Model));
    }

    [Fact]
    public void EditPrompt_WithoutPooledVector_KeepsTheBases()
    {
        var bare = new Conditioning([_flux.A.Entries[0] with { Pooled = null }]);
        var mixed = new Conditioning([_flux.A.Entries[0] with { Pooled = _flux.Base.Entries[0].Pooled }]);

        Assert.Equal(
            _flux.Sample(_flux.Edited(new EditSlot(1, mixed, null, 0.5))),
            _flux.Sample(_flux.Edited(new EditSlot(1, bare, null, 0.5)))
        );
    }

    [Fact]
    public void EditPrompt_PooledVectorOfAnotherWidth_IsRefused()
    {
        using var pooled = Tensor.Zeros([1, 7]);
        var odd = new Conditioning([_flux.A.Entries[0] with { Pooled = pooled }]);
        var model = _flux.Edited(EditWindow.Whole, new EditSlot(2, odd, null, 0.5));

        var error = Assert.Throws<FluxSpaceException>(() => _flux.Sample(model));
        Assert.Contains("Edit: the edit prompt 2a has a pooled vector of 7", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void EditPrompt_OfSeveralEntries_IsTheFirst()
    {
        var several = new Conditioning([_flux.A.Entries[0], _flux.B.Entries[0]]);

        Assert.Equal(
            _flux.Sample(_flux.Edited(new EditSlot(1, _flux.A, null, 0.5))),
            _flux.Sample(_flux.Edited(new EditSlot(1, several, null, 0.5)))
        );
        var pair = _flux.Sample(_flux.Edited(TinyFlux.Slot(_flux.A, _flux.C, 0.5)));
        Assert.Equal(pair, _flux.Sample(_flux.Edited(TinyFlux.Slot(several, _flux.C, 0.5))));
        Assert.Equal(pair, _flux.Sample(_flux.Edited(TinyFlux.Slot(_flux.C, several, 0.5))));
    }

    [Fact]
    public void EditPrompt_GuidanceOfItsOwn_IsNotUsed()
    {
        var guided = new Conditioning([_flux.A.Entries[0] with { Guidance = 20 }]);

        Assert.Equal(
            _flux.Sample(_flux.Edited(new EditSlot(1, _flux.A, null, 0.5))),
            _flux.Sample(_flux.Edited(new EditSlot(1, guided, null, 0.5)))
        );
    }

    private sealed class LiveTensors : IAttentionHook
    {
        public long Peak { get; private set; }

        public Tensor Apply(in AttentionOutput output)
        {
            Peak = Math.Max(Peak, Tensor.LiveCount);
            return output.Value;
        }
    }
}
