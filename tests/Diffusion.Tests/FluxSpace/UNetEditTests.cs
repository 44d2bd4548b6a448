using NodeHost.Diffusion.Attention;
using NodeHost.Diffusion.Conditions;
using NodeHost.Diffusion.FluxSpace;
using NodeHost.Diffusion.FluxSpace.Measurement;
using NodeHost.Tensors;

namespace NodeHost.Tests.Diffusion.FluxSpace;

/// <summary>Edits of a UNet, at its self-attention layers.</summary>
[AssertNoLeakedTensors]
public sealed class UNetEditTests : IDisposable
{
    private const int SelfAttentionLayers = 10;

    private readonly TinyUNet _unet = new();
    private readonly Conditioning _twiceAsLong;

    public UNetEditTests()
    {
        _twiceAsLong = _unet.Prompt(30, 10);
    }

    public void Dispose() => _unet.Dispose();

    [Fact]
    public void Slots_OfOnePair_AddUpBitForBit() =>
        Assert.Equal(
            _unet.Sample(_unet.Edited(TinyModel.Slot(_unet.A, _unet.B, 0.5))),
            _unet.Sample(
                _unet.Edited(TinyModel.Slot(_unet.A, _unet.B, 0.25), TinyModel.Slot(_unet.A, _unet.B, 0.25, number: 2))
            )
        );

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Edit_TowardsTheBaseItself_ChangesNoBit(double cfg)
    {
        var edited = _unet.Edited(EditWindow.Whole, TinyModel.Slot(_unet.Base, _unet.B, 1, 0));

        Assert.Equal(_unet.Sample(_unet.Model, cfg: cfg), _unet.Sample(edited, cfg: cfg));
    }

    [Fact]
    public void Edit_AtScaleOne_PutsThePromptsSelfAttentionInPlaceOfTheBases()
    {
        // Self-attention as under the prompt, cross-attention as under the base: the definition at scale 1.
        using var prompt = new AttentionRecorder("attn1");
        using var edited = new AttentionRecorder("attn1");
        _unet.Sample(_unet.Model with { AttentionHooks = [prompt] }, steps: 1, positive: _unet.A);
        var model = _unet.Edited(EditWindow.Whole, new EditSlot(1, _unet.A, null, 1));
        _unet.Sample(model with { AttentionHooks = [.. model.AttentionHooks, edited] }, steps: 1);

        using var scope = new TensorScope();
        Assert.Equal(SelfAttentionLayers, prompt.Taken.Count);
        // The prompt's own pass comes first, and goes to the end as long as the last layer is not known.
        Assert.Equal(2 * SelfAttentionLayers, edited.Taken.Count);
        var steered = edited.Taken.Skip(SelfAttentionLayers);
        Assert.All(
            prompt.Taken.Zip(steered),
            pair => Assert.True((pair.First - pair.Second).Abs().Max().Item() < 1e-5)
        );
    }

    [Fact]
    public void Passes_AfterTheFirst_EndAtTheLastSelfAttention()
    {
        var counter = new Counter();
        var model = _unet.Edited(EditWindow.Whole, TinyModel.Slot(_unet.A, _unet.B, 0.5));
        _unet.Sample(model with { AttentionHooks = [counter, .. model.AttentionHooks] }, steps: 2);

        // Each step has a pass for both prompts and one of the base; the first of all goes to the end.
        Assert.Equal((4 * 2 * SelfAttentionLayers) - 1, counter.Calls);
    }

    [Fact]
    public void Guidance_WithNegativeOfAnotherLength_IsEdited()
    {
        // Contexts are repeated to one length, and so is the edit's.
        var settings = new SampleSettings { Cfg = 3, Negative = _twiceAsLong };
        var model = _unet.Edited(EditWindow.Whole, TinyModel.Slot(_unet.A, _unet.B, 0.5));
        var edited = _unet.Sample(model, settings);

        Assert.All(_unet.Forwards, forward => Assert.Equal(2, forward.Rows));
        Assert.NotEqual(_unet.Sample(_unet.Model, settings), edited);
    }

    [Fact]
    public void TextLength_ThatDoesNotDivideTheBases_IsAnErrorWithItsRemedy()
    {
        var model = _unet.Edited(EditWindow.Whole, TinyModel.Slot(_unet.A, _unet.Long, 0.5));

        var error = Assert.Throws<FluxSpaceException>(() => _unet.Sample(model));
        Assert.Contains("prompt 1b is 7 tokens long, the base prompt 5", error.Message, StringComparison.Ordinal);
        Assert.Contains("multiple of that", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Skeleton_Verbose_ShowsTheSelfAttentionLayers()
    {
        var model = _unet.Model with { AttentionHooks = [new CountingHook("Skeleton #2", isVerbose: true)] };

        Assert.Equal(_unet.Sample(_unet.Model, 2), _unet.Sample(model, 2));
        Assert.Equal(2, _unet.Logs.Count);
        Assert.All(
            _unet.Logs,
            text =>
            {
                Assert.StartsWith("Skeleton #2: sigma ", text, StringComparison.Ordinal);
                Assert.Contains($": {SelfAttentionLayers} hook calls (", text, StringComparison.Ordinal);
                Assert.Contains("1 middle", text, StringComparison.Ordinal);
            }
        );
    }

    [Fact]
    public void DoubleBlocksOnly_NamesTheRemedy()
    {
        var editor = new FluxSpaceEditor
        {
            Name = "Edit",
            Slots = [TinyModel.Slot(_unet.A, _unet.B, 1)],
            Sites = new EditSites(DoubleBlocksOnly: true),
        };

        var error = Assert.Throws<FluxSpaceException>(() => _unet.Sample(editor.ApplyTo(_unet.Model)));
        Assert.Contains("Edit: expected double blocks", error.Message, StringComparison.Ordinal);
        Assert.Contains("switch double_blocks_only off", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Measurement_OfLayersOfSeveralWidths_IsRefusedByName()
    {
        using var folder = new TemporaryFolder();
        var editor = new FluxSpaceEditor
        {
            Name = "Edit",
            Slots = [TinyModel.Slot(_unet.A, _unet.B, 1)],
            Measurement = new MeasurementTarget { Path = folder.File("run.npz") },
        };

        var error = Assert.Throws<FluxSpaceException>(() => _unet.Sample(editor.ApplyTo(_unet.Model)));
        Assert.StartsWith("Edit: ", error.Message, StringComparison.Ordinal);
        Assert.Contains("measure a Flux model", error.Message, StringComparison.Ordinal);
    }

    private sealed class Counter : IAttentionHook
    {
        public int Calls { get; private set; }

        public Tensor Apply(in AttentionOutput output)
        {
            Calls++;
            return output.Value;
        }
    }
}
