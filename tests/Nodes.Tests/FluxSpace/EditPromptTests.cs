using Newtonsoft.Json.Linq;
using NodeHost.Diffusion.FluxSpace.Numpy;

namespace NodeHost.Tests.Nodes.FluxSpace;

/// <summary>Whole prompts with edits, through validator and executor.</summary>
public sealed class EditPromptTests : IDisposable
{
    private const string BaseText = "a portrait of a woman";

    private readonly PromptHost _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public async Task Skeleton_AnywhereInTheChain_ChangesNoBit()
    {
        var plain = await Run((_, model, _) => model);
        Assert.Equal(plain, await Run((text, model, _) => Skeleton(text, model)));

        var pair = await Run((text, model, prompts) => text.Pair(model, prompts.A, prompts.B));
        Assert.Equal(pair, await Run((text, model, prompts) => Skeleton(text, text.Pair(model, prompts.A, prompts.B))));
        Assert.Equal(pair, await Run((text, model, prompts) => text.Pair(Skeleton(text, model), prompts.A, prompts.B)));
        Assert.NotEqual(plain, pair);
    }

    [Fact]
    public async Task ScaleZero_OfAnyEdit_ChangesNoBitAndMakesNoPass()
    {
        var plain = await Run((_, model, _) => model);

        Assert.Equal(
            plain,
            await Run((text, model, prompts) => text.Pair(model, prompts.A, prompts.B, ("scale", 0.0)))
        );
        Assert.Equal(Enumerable.Repeat("plain", 6), _host.Modes);
        Assert.Equal(plain, await Run((text, model, prompts) => Single(text, model, prompts.A, 0)));
        Assert.Equal(plain, await Run((text, model, prompts) => Multi(text, model, (prompts.A, prompts.B, 0, 0.5))));
    }

    [Fact]
    public async Task Multi_OfOneSlot_IsThePairBitForBitAndASlotAtZeroIsNone()
    {
        var pair = await Run((text, model, prompts) => text.Pair(model, prompts.A, prompts.B, ("mix_b", 0.3)));

        Assert.Equal(pair, await Run((text, model, prompts) => Multi(text, model, (prompts.A, prompts.B, 0.6, 0.3))));
        Assert.Equal(
            pair,
            await Run(
                (text, model, prompts) =>
                    Multi(
                        text,
                        model,
                        (prompts.C, prompts.A, 0, 0.5),
                        (prompts.A, prompts.B, 0.6, 0.3),
                        (prompts.C, prompts.B, 0, 0.5)
                    )
            )
        );
        Assert.NotEqual(
            pair,
            await Run(
                (text, model, prompts) =>
                    Multi(text, model, (prompts.A, prompts.B, 0.6, 0.3), (prompts.C, prompts.B, 0.1, 0.5))
            )
        );
    }

    [Fact]
    public async Task Pair_MixZero_IsTheSingleEditOfA() =>
        Assert.Equal(
            await Run((text, model, prompts) => Single(text, model, prompts.A, 0.6)),
            await Run((text, model, prompts) => text.Pair(model, prompts.A, prompts.B, ("mix_b", 0.0)))
        );

    [Fact]
    public async Task Chain_TheDownstreamEditWinsUnlessItsScaleIsZero()
    {
        var alone = await Run((text, model, prompts) => text.Pair(model, prompts.C, prompts.B));
        var chained = await Run(
            (text, model, prompts) => text.Pair(text.Pair(model, prompts.A, prompts.B), prompts.C, prompts.B)
        );
        Assert.Equal(alone, chained);
        Assert.Contains("FluxSpaceEditPairMulti", Assert.Single(_host.Warnings).Message, StringComparison.Ordinal);

        Assert.Equal(
            alone,
            await Run(
                (text, model, prompts) =>
                    text.Pair(text.Pair(model, prompts.C, prompts.B), prompts.A, prompts.B, ("scale", 0.0))
            )
        );
        Assert.Empty(_host.Warnings);
    }

    [Fact]
    public async Task BaseMeasure_BehindAPair_SwitchesItOff()
    {
        var plain = await Run((_, model, _) => model);
        var measured = await Run(
            (text, model, prompts) =>
                text.Add(
                    "FluxSpaceBaseMeasure",
                    ("model", text.Pair(model, prompts.A, prompts.B)),
                    ("measure_path", "base.npz")
                )
        );

        Assert.Equal(plain, measured);
        Assert.Equal(Enumerable.Repeat("record", 6), _host.Modes);
        using var file = NumpyArchive.Open(_host.OutputFile("base.npz"));
        Assert.Equal([0L, 1, 2, 3, 4, 5], file.Read("step_keys").ToIntegers());
        Assert.Equal([0.0, 1], file.Read("window").ToDoubles());
    }

    [Fact]
    public async Task Measuring_APair_ChangesNoBit() =>
        Assert.Equal(
            await Run((text, model, prompts) => text.Pair(model, prompts.A, prompts.B)),
            await Run((text, model, prompts) => text.Pair(model, prompts.A, prompts.B, ("measure_path", "pair.npz")))
        );

    [Fact]
    public async Task Gate_BeforeOrBehindAPair_IsTheSame()
    {
        var before = await Run((text, model, prompts) => text.Pair(Gate(text, model, 0, 0.5), prompts.A, prompts.B));

        Assert.Equal(
            before,
            await Run((text, model, prompts) => Gate(text, text.Pair(model, prompts.A, prompts.B), 0, 0.5))
        );
        Assert.NotEqual(before, await Run((text, model, prompts) => text.Pair(model, prompts.A, prompts.B)));
    }

    [Fact]
    public async Task Gate_ComplementaryWindows_AreTheFullOneAndTheMergedLoraNearly()
    {
        var full = await Run((text, model, _) => Gate(text, model, 0, 1));

        Assert.Equal(full, await Run((text, model, _) => Gate(text, Gate(text, model, 0, 0.5), 0.5, 1)));
        Near(
            full,
            await Run(
                (text, model, _) =>
                    text.Add(
                        "LoraLoaderModelOnly",
                        ("model", model),
                        ("lora_name", "nodehost-tiny-flux-lora.safetensors"),
                        ("strength_model", 0.9)
                    )
            ),
            1e-5
        );
        Assert.NotEqual(full, await Run((text, model, _) => Gate(text, model, 0, 0.5)));
    }

    [Fact]
    public async Task Gate_OfNoStrengthOrWindow_ChangesNoBit()
    {
        var plain = await Run((_, model, _) => model);

        Assert.Equal(plain, await Run((text, model, _) => Gate(text, model, 0, 1, strength: 0)));
        Assert.Equal(plain, await Run((text, model, _) => Gate(text, model, 0.5, 0.5)));
        Assert.Equal(plain, await Run((text, model, _) => Gate(text, model, 0.8, 0.2)));
    }

    [Fact]
    public async Task Projection_BehindAnEdit_ProjectsAndCostsOnePass()
    {
        var difference = await Run((text, model, prompts) => text.Pair(model, prompts.A, prompts.B));
        var projected = await Run(
            (text, model, prompts) =>
                text.Add(
                    "FluxSpaceEditProjection",
                    ("model", text.Pair(model, prompts.A, prompts.B)),
                    ("neutral_conditioning", prompts.Empty)
                )
        );

        Assert.NotEqual(difference, projected);
        Assert.Equal(["plain", "capture 1a", "capture 1b", "capture neutral", "steer"], _host.Modes.Take(5));
    }

    [Fact]
    public async Task Projection_TowardsTheNeutralPromptItself_ChangesNothing()
    {
        var plain = await Run((_, model, _) => model);
        var projected = await Run(
            (text, model, prompts) =>
                text.Add(
                    "FluxSpaceEditProjection",
                    ("model", text.Pair(model, prompts.Empty, prompts.Empty, ("scale", 2.0))),
                    ("neutral_conditioning", prompts.Empty)
                )
        );

        Near(plain, projected, 1e-5);
    }

    [Fact]
    public async Task Projection_WithoutAnEdit_WarnsAndChangesNothing()
    {
        var plain = await Run((_, model, _) => model);
        var projected = await Run(
            (text, model, prompts) =>
                text.Add(
                    "FluxSpaceEditProjection",
                    ("model", text.Pair(model, prompts.A, prompts.B, ("scale", 0.0))),
                    ("neutral_conditioning", prompts.Empty)
                )
        );

        Assert.Equal(plain, projected);
        Assert.Contains("nothing to project", Assert.Single(_host.Warnings).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Windows_OfASplitRun_AreThoseOfTheWholeOne()
    {
        // Two samplers share a schedule; windows are fractions of all of it.
        var whole = await Advanced(0, 8);
        var split = await Advanced(3, 8);

        Near(whole, split, 1e-5);
        Assert.NotEqual(whole, await Advanced(0, 8, window: (0.25, 1)));
    }

    [Fact]
    public async Task Sd15_EditsAddUpAndGatesOpen()
    {
        var plain = await RunSd15((_, model, _) => model);
        var whole = await RunSd15((text, model, prompts) => text.Pair(model, prompts.A, prompts.B, ("scale", 0.5)));

        Assert.NotEqual(plain, whole);
        Assert.Equal(
            whole,
            await RunSd15(
                (text, model, prompts) =>
                    Multi(text, model, (prompts.A, prompts.B, 0.25, 0.5), (prompts.A, prompts.B, 0.25, 0.5))
            )
        );
        Assert.NotEqual(
            whole,
            await RunSd15(
                (text, model, prompts) =>
                    Gate(
                        text,
                        text.Pair(model, prompts.A, prompts.B, ("scale", 0.5)),
                        0,
                        0.5,
                        file: "nodehost-tiny-sd15-lora.safetensors"
                    )
            )
        );
    }

    [Fact]
    public async Task Sdxl_Edit_ReplacesThePooledTextAndKeepsTheSizes()
    {
        Task<float[]> RunSdxl(Func<PromptText, JArray, JArray, JArray> wire)
        {
            var text = new PromptText();
            var checkpoint = text.Add("CheckpointLoaderSimple", ("ckpt_name", "nodehost-tiny-sdxl-base.safetensors"));
            var clip = PromptText.Output(checkpoint, 1);
            var (positive, negative) = (text.Encode(clip, BaseText), text.Encode(clip, "blurry"));
            return _host.LatentAsync(
                text.Sample(wire(text, checkpoint, clip), positive, negative, 3, 3, "EmptyLatentImage")
            );
        }
        var plain = await RunSdxl((_, model, _) => model);
        var towardsBase = await RunSdxl(
            (text, model, clip) =>
                text.Pair(
                    model,
                    text.Encode(clip, BaseText),
                    text.Encode(clip, "a smile"),
                    ("scale", 1.0),
                    ("mix_b", 0.0)
                )
        );
        var edited = await RunSdxl((text, model, clip) => text.Smile(model, clip));

        // Were the sizes others than the base's, the edit towards the base would not be none.
        Assert.Equal(plain, towardsBase);
        Assert.NotEqual(plain, edited);
    }

    private delegate JArray Wiring(PromptText text, JArray model, Prompts prompts);

    private sealed record Prompts(JArray A, JArray B, JArray C, JArray Empty);

    private Task<float[]> Run(Wiring wire)
    {
        var text = new PromptText();
        var (model, clip) = (text.Flux(), text.FluxClip());
        var start = text.Add("FluxGuidance", ("conditioning", text.Encode(clip, BaseText)), ("guidance", 3.5));
        return _host.LatentAsync(text.Sample(wire(text, model, Encode(text, clip)), start, start));
    }

    private Task<float[]> RunSd15(Wiring wire)
    {
        var text = new PromptText();
        var checkpoint = text.Sd15();
        var clip = PromptText.Output(checkpoint, 1);
        var (positive, negative) = (text.Encode(clip, BaseText), text.Encode(clip, "blurry"));
        var model = wire(text, checkpoint, Encode(text, clip));
        return _host.LatentAsync(text.Sample(model, positive, negative, 3, 4, "EmptyLatentImage"));
    }

    private Task<float[]> Advanced(int split, int steps, (double Start, double End)? window = null)
    {
        var text = new PromptText();
        var (model, clip) = (text.Flux(), text.FluxClip());
        var prompts = Encode(text, clip);
        var (start, end) = window ?? (0.5, 0.9);
        var edited = Gate(
            text,
            text.Pair(model, prompts.A, prompts.B, ("start_percent", start), ("end_percent", end)),
            0.25,
            0.75
        );
        var positive = text.Encode(clip, BaseText);
        var latent = text.Add("EmptySD3LatentImage", ("width", 64), ("height", 64), ("batch_size", 1));
        JArray Part(JArray from, int first, int last) =>
            text.Add(
                "KSamplerAdvanced",
                ("model", edited),
                ("add_noise", first == 0 ? "enable" : "disable"),
                ("noise_seed", 3),
                ("steps", steps),
                ("cfg", 1.0),
                ("sampler_name", "euler"),
                ("scheduler", "simple"),
                ("positive", positive),
                ("negative", positive),
                ("latent_image", from),
                ("start_at_step", first),
                ("end_at_step", last),
                ("return_with_leftover_noise", last < steps ? "enable" : "disable")
            );
        text.Save(split == 0 ? Part(latent, 0, steps) : Part(Part(latent, 0, split), split, steps));
        return _host.LatentAsync(text);
    }

    private static Prompts Encode(PromptText text, JArray clip) =>
        new(
            text.Encode(clip, "a person smiling warmly"),
            text.Encode(clip, "a portrait of a woman smiling warmly"),
            text.Encode(clip, "a person wearing glasses"),
            text.Encode(clip, "")
        );

    private static JArray Skeleton(PromptText text, JArray model) =>
        text.Add("FluxSpaceEditSkeleton", ("model", model), ("verbose", false));

    private static JArray Single(PromptText text, JArray model, JArray prompt, double scale) =>
        text.Add(
            "FluxSpaceEdit",
            ("model", model),
            ("edit_conditioning", prompt),
            ("scale", scale),
            ("start_percent", 0.15),
            ("end_percent", 1.0),
            ("double_blocks_only", false),
            ("verbose", false)
        );

    private static JArray Multi(
        PromptText text,
        JArray model,
        params (JArray A, JArray B, double Scale, double MixB)[] slots
    ) =>
        text.Add(
            "FluxSpaceEditPairMulti",
            [
                ("model", model),
                ("start_percent", 0.15),
                ("end_percent", 1.0),
                ("double_blocks_only", false),
                ("verbose", false),
                .. slots
                    .Index()
                    .SelectMany(slot =>
                        new (string, object)[]
                        {
                            ($"edit_cond_a_{slot.Index + 1}", slot.Item.A),
                            ($"edit_cond_b_{slot.Index + 1}", slot.Item.B),
                            ($"scale_{slot.Index + 1}", slot.Item.Scale),
                            ($"mix_b_{slot.Index + 1}", slot.Item.MixB),
                        }
                    ),
            ]
        );

    private static JArray Gate(
        PromptText text,
        JArray model,
        double start,
        double end,
        double strength = 0.9,
        string file = "nodehost-tiny-flux-lora.safetensors"
    ) =>
        text.Add(
            "LoraLoaderStepGated",
            ("model", model),
            ("lora_name", file),
            ("strength_model", strength),
            ("start_percent", start),
            ("end_percent", end)
        );

    private static void Near(float[] expected, float[] actual, double tolerance)
    {
        var mean = expected.Average();
        var deviation = Math.Sqrt(expected.Average(value => (value - mean) * (value - mean)));
        var difference = expected.Zip(actual, (left, right) => Math.Abs(left - right)).Max() / deviation;
        Assert.True(difference <= tolerance, $"difference {difference}");
    }
}
