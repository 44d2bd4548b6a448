using NodeHost.Diffusion.Conditions;
using NodeHost.Diffusion.Hooks;
using NodeHost.Tensors;
using NodeHost.Tests.Diffusion.FluxSpace;
using NodeHost.Tests.Diffusion.Lora;

namespace NodeHost.Tests.Diffusion.Hooks;

/// <summary>Where, when and with which hooks prompts apply, against the same worked out by hand.</summary>
[AssertNoLeakedTensors]
public sealed class ConditionedRunTests : IDisposable
{
    private static readonly TinyLora.Layer[] Layers =
    [
        new("diffusion_model.double_blocks.0.img_attn.qkv", "double_blocks.0.img_attn.qkv.weight", 288, 96),
        new("lora_unet_single_blocks_2_linear2", "single_blocks.2.linear2.weight", 96, 480) { Alpha = 6 },
    ];

    private readonly TinyFlux _flux = new();
    private readonly TemporaryFolder _folder = new();
    private readonly Tensor _left = Tensor.From([1f, 0, 1, 0], 1, 2, 2);

    public void Dispose()
    {
        _left.Dispose();
        _flux.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("linear")]
    [InlineData("ease_in")]
    [InlineData("ease_out")]
    [InlineData("ease_in_out")]
    public void InterpolatedHook_EveryStep_EqualsMergedWeights(string curve)
    {
        var lora = new TinyLora(_folder.File("lora.safetensors"), Layers);
        var keyframes = HookKeyframes.None.AddSpread(HookCurve.Values(curve, 1, -0.5, 5), 0.2, 0.8);
        var hook = new WeightHook(lora.File, 0.9, 0) { Keyframes = keyframes };
        var hooked = _flux.Base.Select(entry => entry with { Hooks = new HookGroup([hook]) });
        using var merged = new MergedByStep(
            _flux,
            time => 0.9 * Strength(time),
            strength => lora.MergeInto(_flux.Tensors, strength, _ => 1)
        );
        var settings = new SampleSettings { Steps = 9 };

        var expected = _flux.Sample(_flux.Model with { Source = merged }, settings);
        Near(expected, _flux.Sample(_flux.Model, settings with { Positive = hooked }));
        Assert.Equal(5, merged.Strengths.Distinct().Count());

        // Keyframes at 0.2, 0.35, 0.5, 0.65, 0.8, none of which falls on one of the nine steps.
        double Strength(double time)
        {
            var index = Enumerable
                .Range(0, 5)
                .LastOrDefault(
                    index => Math.Exp(1.15) / (Math.Exp(1.15) + (1 / (0.8 - (0.15 * index)) - 1)) >= time,
                    0
                );
            var position = index / 4.0;
            var eased = curve switch
            {
                "linear" => position,
                "ease_in" => position * position,
                "ease_out" => 1 - ((1 - position) * (1 - position)),
                _ => (1 - Math.Cos(Math.PI * position)) / 2,
            };
            return (float)(1 - (1.5 * eased));
        }
    }

    [Fact]
    public void DefaultPrompt_BesideAMaskedOne_FillsWhatThatLeavesInTheSamePass()
    {
        // One step of Euler to 0 gives the prediction itself, so that means can be taken by hand.
        var masked = _flux.A.Entries[0] with
        {
            Mask = _left,
            MaskStrength = 0.75,
        };
        var positive = new Conditioning([masked, _flux.B.Entries[0] with { IsDefault = true }]);
        var (a, b) = (_flux.Sample(_flux.Model, 1, positive: _flux.A), _flux.Sample(_flux.Model, 1, positive: _flux.B));

        var actual = _flux.Sample(_flux.Model, 1, positive: positive);
        Assert.Equal([2L], _flux.Forwards.Select(forward => forward.Rows));
        // The mask, 2 x 2, is enlarged bilinearly to the latent's 4 x 6.
        using var scope = new TensorScope();
        var weights = Functional
            .Interpolate(_left.Reshape(1, 1, 2, 2), 4, 6, InterpolationMode.Bilinear)
            .ToArray<float>()
            .Select(weight => weight * 0.75f)
            .ToArray();
        var expected = a.Zip(b)
            .Select((pair, index) => (pair.First * weights[index % 24]) + (pair.Second * (1 - weights[index % 24])));
        Near([.. expected], actual);
    }

    [Fact]
    public void DefaultPrompt_WhereNothingIsLeft_IsNotRun()
    {
        var positive = new Conditioning([_flux.A.Entries[0], _flux.B.Entries[0] with { IsDefault = true }]);

        Assert.Equal(_flux.Sample(_flux.Model, positive: _flux.A), _flux.Sample(_flux.Model, positive: positive));
        Assert.All(_flux.Forwards, forward => Assert.Equal(1, forward.Rows));
    }

    [Fact]
    public void DefaultPrompt_OutsideTheOthersRange_IsAlone()
    {
        var positive = new Conditioning([
            _flux.A.Entries[0] with
            {
                EndPercent = 0.3,
            },
            _flux.B.Entries[0] with
            {
                IsDefault = true,
            },
        ]);
        var ranges = new Conditioning([
            _flux.A.Entries[0] with
            {
                EndPercent = 0.3,
            },
            _flux.B.Entries[0] with
            {
                StartPercent = 0.3,
            },
        ]);

        Assert.Equal(_flux.Sample(_flux.Model, 7, positive: ranges), _flux.Sample(_flux.Model, 7, positive: positive));
    }

    [Theory]
    // Signs of the table of ties: below the bound, above it, above it in float32 too.
    [InlineData(0.05, 1)]
    [InlineData(0.1, 2)]
    [InlineData(0.15, null)]
    [InlineData(0.7, null)]
    public void Ranges_ThatMeetAtAStep_CompareInFloat32(double percent, int? shared)
    {
        var positive = new Conditioning([
            _flux.A.Entries[0] with
            {
                StartPercent = 0,
                EndPercent = percent,
            },
            _flux.B.Entries[0] with
            {
                StartPercent = percent,
                EndPercent = 1,
            },
        ]);
        _flux.Sample(_flux.Model, 20, positive: positive);

        var both = _flux.Forwards.Index().Where(forward => forward.Item.Rows == 2).Select(forward => forward.Index);
        Assert.Equal(shared is { } step ? [step] : [], both);
    }

    [Fact]
    public void ScheduledTextEncoder_EntriesApplyInTheirPartsOnly()
    {
        var positive = new Conditioning([
            _flux.A.Entries[0] with
            {
                ClipStartPercent = 0,
                ClipEndPercent = 0.43,
                StartPercent = 0.1,
            },
            _flux.B.Entries[0] with
            {
                ClipStartPercent = 0.43,
                ClipEndPercent = 1,
                EndPercent = 0.9,
            },
        ]);
        var ranges = new Conditioning([
            _flux.A.Entries[0] with
            {
                StartPercent = 0.1,
                EndPercent = 0.43,
            },
            _flux.B.Entries[0] with
            {
                StartPercent = 0.43,
                EndPercent = 0.9,
            },
        ]);

        Assert.Equal(_flux.Sample(_flux.Model, 7, positive: ranges), _flux.Sample(_flux.Model, 7, positive: positive));
    }

    private static void Near(float[] expected, float[] actual)
    {
        var mean = expected.Average();
        var deviation = Math.Sqrt(expected.Average(value => (value - mean) * (value - mean)));
        var difference = expected.Zip(actual, (left, right) => Math.Abs(left - right)).Max() / deviation;
        Assert.True(difference <= 2e-5, $"difference {difference}");
    }
}
