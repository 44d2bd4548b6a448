using NodeHost.Diffusion.FluxSpace;
using NodeHost.Diffusion.Hooks;
using NodeHost.Diffusion.Lora;
using NodeHost.Diffusion.Models;
using NodeHost.Tests.Diffusion.FluxSpace;

namespace NodeHost.Tests.Diffusion.Lora;

/// <summary>Step-gated LoRAs against weights merged anew for every call.</summary>
[AssertNoLeakedTensors]
public sealed class MergedByStepTests : IDisposable
{
    private const double Tolerance = 2e-5;
    private const double Strength = 0.9;

    private static readonly TinyLora.Layer[] FluxLayers =
    [
        new("diffusion_model.double_blocks.0.img_attn.qkv", "double_blocks.0.img_attn.qkv.weight", 288, 96),
        new("transformer.transformer_blocks.1.attn.add_k_proj", "double_blocks.1.txt_attn.qkv.weight", 96, 96)
        {
            FirstRow = 96,
            Alpha = 1.5,
        },
        new("transformer.single_transformer_blocks.1.proj_mlp", "single_blocks.1.linear1.weight", 384, 96)
        {
            FirstRow = 288,
        },
        new("lora_unet_single_blocks_2_linear2", "single_blocks.2.linear2.weight", 96, 480) { Alpha = 6 },
        new("lora_unet_img_in", "img_in.weight", 96, 64),
    ];

    private static readonly TinyLora.Layer[] UNetLayers =
    [
        new(
            "lora_unet_down_blocks_0_attentions_0_transformer_blocks_0_attn1_to_q",
            "input_blocks.1.1.transformer_blocks.0.attn1.to_q.weight",
            32,
            32
        ),
        new(
            "lora_unet_mid_block_attentions_0_transformer_blocks_0_attn2_to_k",
            "middle_block.1.transformer_blocks.0.attn2.to_k.weight",
            64,
            64
        )
        {
            Alpha = 1,
        },
        new("diffusion_model.input_blocks.1.0.in_layers.2", "input_blocks.1.0.in_layers.2.weight", 32, 32)
        {
            Kernel = [3, 3],
        },
        // Half the positions: stride 2.
        new("diffusion_model.input_blocks.2.0.op", "input_blocks.2.0.op.weight", 32, 32)
        {
            Kernel = [3, 3],
            Alpha = 2,
        },
        new("diffusion_model.output_blocks.7.1.proj_in", "output_blocks.7.1.proj_in.weight", 32, 32)
        {
            Kernel = [1, 1],
        },
    ];

    private readonly TemporaryFolder _folder = new();
    private readonly TinyFlux _flux = new();
    private readonly TinyUNet _unet = new();

    public void Dispose()
    {
        _flux.Dispose();
        _unet.Dispose();
        _folder.Dispose();
    }

    public static TheoryData<string, string, string, double> Settings =>
        new()
        {
            { "0-1", "", "euler", 1 },
            { "0-0.5", "", "heun", 1 },
            { "0.25-0.75=-0.6", "", "euler", 2 },
            { "0-0.25=0.5, 0.5-0.75, 0.6-1=0.7", "", "dpm_2", 1 },
            { "0.125-1", "double=0.5, single_1=0, single=2", "euler", 1 },
            { "0-0.8", "other=-1, single_2=0.25, input_1=3, middle=0.5, output=0.7", "heun", 1.5 },
        };

    [Theory]
    [MemberData(nameof(Settings))]
    public void Flux_AnyWindowsAndBlocks_EqualMergedWeights(string windows, string blocks, string sampler, double cfg)
    {
        var lora = new TinyLora(_folder.File("lora.safetensors"), FluxLayers);
        Compare(
            _flux,
            lora,
            windows,
            blocks,
            new()
            {
                Steps = 8,
                Sampler = sampler,
                Cfg = cfg,
            },
            FluxBound
        );
    }

    [Theory]
    [MemberData(nameof(Settings))]
    public void UNet_AnyWindowsAndBlocks_EqualMergedWeights(string windows, string blocks, string sampler, double cfg)
    {
        var lora = new TinyLora(_folder.File("lora.safetensors"), UNetLayers);
        // On the table of SD1.5 a noise level is reached with its time, 999 at the start.
        var settings = new SampleSettings
        {
            Steps = 5,
            Sampler = sampler == "dpm_2" ? "euler" : sampler,
            Cfg = cfg,
        };
        Compare(_unet, lora, windows, blocks, settings, percent => 999 * (1 - percent));
    }

    [Fact]
    public void UNet_ComplementaryWindows_AreTheFullOneBitForBit()
    {
        var lora = new TinyLora(_folder.File("lora.safetensors"), UNetLayers);
        DiffusionModel With(params string[] windows) =>
            _unet.Model with
            {
                GatedLoras = [.. windows.Select(window => new GatedLora(lora.File, Strength, LoraGate.Parse(window)))],
            };

        var settings = new SampleSettings { Steps = 6, Cfg = 2 };
        var full = _unet.Sample(With("0-1"), settings);
        Assert.Equal(full, _unet.Sample(With("0-0.5", "0.5-1"), settings));
        Assert.Equal(full, _unet.Sample(With("0-0.5, 0.5-1"), settings));
        Assert.NotEqual(full, _unet.Sample(With("0-0.5"), settings));
    }

    [Fact]
    public void Flux_GateInsideAnEdit_EqualsMergedWeightsInEveryPass()
    {
        var lora = new TinyLora(_folder.File("lora.safetensors"), FluxLayers);
        EditSlot[] slots =
        [
            TinyModel.Slot(_flux.A, _flux.B, 0.6, 0.3),
            TinyModel.Slot(_flux.C, _flux.D, -0.4, number: 2),
        ];
        using var merged = Merged(_flux, lora, "0.25-0.75", "", FluxBound);
        var plain = new PlainEdit(slots, (FluxBound(0.15), 0));
        var settings = new SampleSettings { Steps = 8 };
        var expected = _flux.Sample(plain.ApplyTo(_flux.Model with { Source = merged }), settings);
        var passes = plain.Modes.Count;

        var gated = Gated(_flux, lora, "0.25-0.75", "");
        Near(expected, _flux.Sample(With(gated), settings));
        Assert.Equal(passes, _flux.Forwards.Count);
        Assert.Equal(
            merged.Strengths.Count(strength => strength != 0),
            _flux.Forwards.Count(forward => forward.Gates[0])
        );

        DiffusionModel With(DiffusionModel model) =>
            new FluxSpaceEditor
            {
                Name = "Edit",
                Slots = slots,
                Window = new EditWindow(0.15, 1),
            }.ApplyTo(model);
    }

    [Fact]
    public void Flux_TwoGatesAndAHook_AddUp()
    {
        var lora = new TinyLora(_folder.File("lora.safetensors"), FluxLayers);
        var other = LoraFile.Open(_folder.File("lora.safetensors"));
        var hook = new WeightHook(other, 0.25, 0) { Keyframes = HookKeyframes.None.Add(new(1, 0)).Add(new(0, 0.5)) };
        var hooked = _flux.Base.Select(entry => entry with { Hooks = new HookGroup([hook]) });
        var model = _flux.Model with
        {
            GatedLoras =
            [
                new GatedLora(lora.File, 0.5, LoraGate.Parse("0-0.75")),
                new GatedLora(lora.File, -0.2, LoraGate.Parse("0.25-1")),
            ],
        };
        using var merged = new MergedByStep(
            _flux,
            time => (Reached(time, 0.75) ? 0 : 0.5) - (Reached(time, 0.25) ? 0.2 : 0) + (Reached(time, 0.5) ? 0 : 0.25),
            strength => lora.MergeInto(_flux.Tensors, strength, _ => 1)
        );
        var settings = new SampleSettings { Steps = 8, Positive = hooked };

        Near(
            _flux.Sample(_flux.Model with { Source = merged }, settings with { Positive = null }),
            _flux.Sample(model, settings)
        );
        Assert.Equal(4, merged.Strengths.Distinct().Count());

        static bool Reached(double time, double percent) => (float)FluxBound(percent) >= (float)time;
    }

    private static void Compare(
        TinyModel tiny,
        TinyLora lora,
        string windows,
        string blocks,
        SampleSettings settings,
        Func<double, double> bound
    )
    {
        using var merged = Merged(tiny, lora, windows, blocks, bound);
        var expected = tiny.Sample(tiny.Model with { Source = merged }, settings);

        Near(expected, tiny.Sample(Gated(tiny, lora, windows, blocks), settings));
        Assert.Contains(merged.Strengths, strength => strength != 0);
    }

    private static DiffusionModel Gated(TinyModel tiny, TinyLora lora, string windows, string blocks) =>
        tiny.Model with
        {
            GatedLoras =
            [
                new GatedLora(lora.File, Strength, LoraGate.Parse(windows)) { Blocks = BlockStrengths.Parse(blocks) },
            ],
        };

    /// <summary>Windows and factors read by hand: bounds in float32, reached when at or above the level.</summary>
    private static MergedByStep Merged(
        TinyModel tiny,
        TinyLora lora,
        string windows,
        string blocks,
        Func<double, double> bound
    )
    {
        (double Start, double End, double Factor)[] parts =
        [
            .. windows
                .Split(", ")
                .Select(text =>
                {
                    var sides = text.Split('=');
                    // The sign of a strength stands behind the "=".
                    var ends = sides[0].Split('-').Select(double.Parse).ToArray();
                    return (ends[0], ends[1], sides.Length > 1 ? double.Parse(sides[1]) : 1);
                }),
        ];
        bool Reached(double percent, double time) =>
            percent <= 0 || (percent < 1 && (float)bound(percent) >= (float)time);
        return new MergedByStep(
            tiny,
            time =>
                Strength
                * parts.Where(part => Reached(part.Start, time) && !Reached(part.End, time)).Sum(part => part.Factor),
            strength => lora.MergeInto(tiny.Tensors, strength, Factor)
        );

        double Factor(string weight)
        {
            var pieces = weight.Split('.');
            var kind = pieces[0].Contains("_block", StringComparison.Ordinal) ? pieces[0].Split('_')[0] : "other";
            var factor = 1.0;
            foreach (var entry in blocks.Split(", ", StringSplitOptions.RemoveEmptyEntries))
            {
                var (name, value) = (entry.Split('=')[0], double.Parse(entry.Split('=')[1]));
                factor = name == kind || name == $"{kind}_{pieces[1]}" ? value : factor;
            }
            return factor;
        }
    }

    private static double FluxBound(double percent) => Math.Exp(1.15) / (Math.Exp(1.15) + (1 / (1 - percent) - 1));

    private static void Near(float[] expected, float[] actual)
    {
        var mean = expected.Average();
        var deviation = Math.Sqrt(expected.Average(value => (value - mean) * (value - mean)));
        var difference = expected.Zip(actual, (left, right) => Math.Abs(left - right)).Max() / deviation;
        Assert.True(difference <= Tolerance, $"difference {difference}");
    }
}
