using Newtonsoft.Json.Linq;
using NodeHost.Diffusion.FluxSpace.Numpy;
using NodeHost.Graph.Execution;

namespace NodeHost.Tests.Nodes.FluxSpace;

/// <summary>Settings that cannot work: the node, the numbers and the remedy are named, and the next prompt is not harmed.</summary>
public sealed class BadInputTests : IDisposable
{
    private readonly PromptHost _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public async Task TextOfAnotherLength_FailsAndLeavesThePlainModel()
    {
        var plain = await _host.LatentAsync(Prompt((_, model, _) => model));
        var words = string.Join(' ', Enumerable.Repeat("smiling", 300));
        var (_, message) = await _host.FailureAsync(
            Prompt((text, model, clip) => text.Pair(model, text.Encode(clip, "a smile"), text.Encode(clip, words)))
        );

        Assert.Contains("FluxSpaceEditPair #9: the edit prompt 1b is ", message, StringComparison.Ordinal);
        Assert.Contains(" tokens long, the base prompt 256", message, StringComparison.Ordinal);
        Assert.Contains("Shorten the longer one", message, StringComparison.Ordinal);
        Assert.Equal(["plain"], _host.Modes);

        Assert.Equal(plain, await _host.LatentAsync(Prompt((_, model, _) => model)));
        Assert.Equal(6, _host.Modes.Count);
    }

    [Fact]
    public async Task FailureInsideAnEditAndAGate_LeavesThePlainModel()
    {
        var plain = await _host.LatentAsync(Prompt((_, model, _) => model));
        Write("delta.npz", ("delta", NumpyArray.Of(new float[7], 7)));
        await _host.FailureAsync(
            Prompt(
                (text, model, clip) =>
                    text.Pair(
                        Gate(text, Direct(text, model, "delta.npz", "single_0"), 0, 1),
                        text.Encode(clip, "a smile"),
                        text.Encode(clip, "a broad smile")
                    )
            )
        );

        Assert.Equal(plain, await _host.LatentAsync(Prompt((_, model, _) => model)));
        Assert.Equal(6, _host.Modes.Count);
    }

    [Theory]
    [InlineData(0.4, 0.41)]
    [InlineData(0.8, 0.2)]
    public async Task WindowWithoutAStep_WarnsAtTheEditAndChangesNothing(double start, double end)
    {
        var plain = await _host.LatentAsync(Prompt((_, model, _) => model));
        var edited = await _host.LatentAsync(
            Prompt(
                (text, model, clip) =>
                    text.Pair(
                        model,
                        text.Encode(clip, "a smile"),
                        text.Encode(clip, "a broad smile"),
                        ("start_percent", start),
                        ("end_percent", end)
                    )
            )
        );

        Assert.Equal(plain, edited);
        var (node, message) = Assert.Single(_host.Warnings);
        Assert.Equal("9", node);
        Assert.Contains(
            FormattableString.Invariant(
                $"FluxSpaceEditPair #9: the window [{start}, {end}] selects none of the 6 steps"
            ),
            message,
            StringComparison.Ordinal
        );
        Assert.Contains("Widen", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GateWithoutAStep_WarnsAtTheLoader()
    {
        await _host.LatentAsync(Prompt((text, model, _) => Gate(text, model, 0.5, 0.5)));

        var (node, message) = Assert.Single(_host.Warnings);
        Assert.Equal("7", node);
        Assert.Contains("open at none of the 6 steps ([0.5, 0.5))", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AdapterOfAnotherModel_WarnsAndChangesNothing()
    {
        var plain = await _host.LatentAsync(Prompt((_, model, _) => model));
        var gated = await _host.LatentAsync(
            Prompt((text, model, _) => Gate(text, model, 0, 1, "nodehost-tiny-sd15-lora.safetensors"))
        );

        Assert.Equal(plain, gated);
        var (node, message) = Assert.Single(_host.Warnings);
        Assert.Equal("7", node);
        Assert.StartsWith("LoraLoaderStepGated #7: ", message, StringComparison.Ordinal);
        Assert.Contains(
            "8 of 8 keys match nothing in the model, such as 'lora_unet_",
            message,
            StringComparison.Ordinal
        );
        Assert.Contains("choose a LoRA that is made for this model", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AdapterWithOtherShapes_FailsWithTheLoadersName()
    {
        var (_, message) = await _host.FailureAsync(
            Checkpoint(
                "nodehost-tiny-sdxl-base.safetensors",
                (text, model, _) => Gate(text, model, 0, 1, "nodehost-tiny-sd15-lora.safetensors")
            )
        );

        Assert.StartsWith("LoraLoaderStepGated #4: ", message, StringComparison.Ordinal);
        Assert.Contains("[4, 16] f32 cpu, but 'middle_block.1.", message, StringComparison.Ordinal);
        Assert.Contains("choose one for this model", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AdapterWithTextEncoderKeys_OnItsOwnModel_IsNoReasonToWarn()
    {
        await _host.LatentAsync(
            Sd15((text, model, _) => Gate(text, model, 0, 1, "nodehost-tiny-sd15-lora.safetensors"))
        );

        Assert.Empty(_host.Warnings);
    }

    [Fact]
    public async Task DoubleBlocksOnly_OfAUNet_FailsAtTheEdit()
    {
        var (node, message) = await _host.FailureAsync(
            Sd15(
                (text, model, clip) =>
                    text.Pair(
                        model,
                        text.Encode(clip, "a smile"),
                        text.Encode(clip, "a broad smile"),
                        ("double_blocks_only", true)
                    )
            )
        );

        Assert.Equal("6", node);
        Assert.Contains("FluxSpaceEditPair #6, input 'double_blocks_only'", message, StringComparison.Ordinal);
        Assert.Contains("nodehost-tiny-sd15", message, StringComparison.Ordinal);
        Assert.Contains("Switch it off, or load a Flux model", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Measurement_OfAUNet_FailsAtTheNode()
    {
        var (node, message) = await _host.FailureAsync(
            Sd15((text, model, _) => text.Add("FluxSpaceBaseMeasure", ("model", model), ("measure_path", "base.npz")))
        );

        Assert.Equal("4", node);
        Assert.Contains(
            "FluxSpaceBaseMeasure #4: measurements hold layers of one width",
            message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task DirectionOfAnotherShape_NamesBoth()
    {
        Write("delta.npz", ("delta", NumpyArray.Of(new float[7], 7)));
        var (_, message) = await _host.FailureAsync(
            Prompt((text, model, _) => Direct(text, model, "delta.npz", "single_0"))
        );

        Assert.Contains("FluxSpaceEditDirect #7: ", message, StringComparison.Ordinal);
        Assert.Contains("[7] f32 cpu for single_0", message, StringComparison.Ordinal);
        Assert.Contains("measure again with this one", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DirectionOfAnotherSchedule_FailsBeforeTheFirstStep()
    {
        // Captured with six steps, used with five.
        await _host.LatentAsync(
            Prompt(
                (text, model, clip) =>
                    text.Pair(
                        model,
                        text.Encode(clip, "a smile"),
                        text.Encode(clip, "a broad smile"),
                        ("full_measure_path", "full.npz"),
                        ("full_capture_sites_json", """{"sites": [[2, "single_0"], [3, "double_0"]]}""")
                    )
            )
        );
        PromptText Inject(int steps) =>
            Prompt(
                (text, model, _) =>
                    text.Add(
                        "FluxSpaceDirectionInjectFull",
                        ("model", model),
                        ("delta_full_npz_path", "full.npz"),
                        ("scale", 1.0),
                        ("start_percent", 0.0),
                        ("end_percent", 1.0),
                        ("renorm", false),
                        ("verbose", false)
                    ),
                steps
            );
        await _host.LatentAsync(Inject(6));
        var (_, message) = await _host.FailureAsync(Inject(5));

        Assert.Contains("FluxSpaceDirectionInjectFull #7: ", message, StringComparison.Ordinal);
        Assert.Contains("at step 2; this run has", message, StringComparison.Ordinal);
        Assert.Contains("Use the schedule", message, StringComparison.Ordinal);
        Assert.Empty(_host.Modes);
    }

    [Fact]
    public async Task DirectionForALayerThatTheModelLacks_FailsAtTheNode()
    {
        Write("delta.npz", ("delta", NumpyArray.Of(new float[96], 96)));
        var (node, message) = await _host.FailureAsync(
            Prompt((text, model, _) => Direct(text, model, "delta.npz", "single_34"))
        );

        Assert.Equal("7", node);
        Assert.Contains("names the layer single_34", message, StringComparison.Ordinal);
        Assert.Contains("double_0 to single_", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CaptureOfALayerThatTheModelLacks_FailsAtTheNode()
    {
        var (node, message) = await _host.FailureAsync(
            Prompt(
                (text, model, clip) =>
                    text.Pair(
                        model,
                        text.Encode(clip, "a smile"),
                        text.Encode(clip, "a broad smile"),
                        ("full_measure_path", "full.npz"),
                        ("full_capture_sites_json", """{"sites": [[2, "single_99"]]}""")
                    )
            )
        );

        Assert.Equal("9", node);
        Assert.Contains(
            "reaches no layer single_99 of nodehost-tiny-flux-dev.safetensors; it reaches double_0 to single_",
            message,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData(0.6, 1)]
    [InlineData(1.0, 0)]
    public async Task MeasurementAtAnotherScale_IsWarnedOf(double scale, int warnings)
    {
        await _host.LatentAsync(
            Prompt(
                (text, model, clip) =>
                    text.Pair(
                        model,
                        text.Encode(clip, "a smile"),
                        text.Encode(clip, "a broad smile"),
                        ("scale", scale),
                        ("measure_path", "pair.npz")
                    )
            )
        );
        var text = new PromptText();
        text.Add("FluxSpaceMeasurementReport", ("measure_path", "pair.npz"), ("max_ratio", 1.275), ("slot", 1));
        Assert.Equal(RunStatus.Succeeded, (await _host.RunAsync(text)).Status);

        Assert.Equal(
            warnings,
            _host.Warnings.Count(warning => warning.Message.Contains("measured at scale 0.6", StringComparison.Ordinal))
        );
    }

    [Fact]
    public async Task CalibrationOfAnotherSchedule_IsRefused()
    {
        foreach (var (file, steps) in new[] { ("six.npz", 6), ("five.npz", 5) })
        {
            await _host.LatentAsync(
                Prompt(
                    (text, model, clip) =>
                        text.Pair(
                            model,
                            text.Encode(clip, "a smile"),
                            text.Encode(clip, "a broad smile"),
                            ("measure_path", file)
                        ),
                    steps
                )
            );
        }
        var text = new PromptText();
        text.Add(
            "FluxSpaceMeasurementReport",
            ("measure_path", "six.npz"),
            ("max_ratio", 1.275),
            ("slot", 1),
            ("calibration_paths", "five.npz")
        );
        var (node, message) = await _host.FailureAsync(text);

        Assert.Equal("1", node);
        Assert.Contains("five.npz was measured with noise level", message, StringComparison.Ordinal);
        Assert.Contains("one model, schedule and number of steps", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{nope", false, "expected {\"sites\": [[6, \"single_34\"], ...]}")]
    [InlineData("""{"sites": []}""", false, "there is no list \"sites\" with a site in it")]
    [InlineData("""{"sites": [[2, "single_0"]]}""", true, "reaches no layer single_0")]
    public async Task CaptureSites_ThatCannotBe_AreNamedWithTheNodeAndTheInput(
        string sites,
        bool onlyDouble,
        string expected
    )
    {
        var (node, message) = await _host.FailureAsync(
            Prompt((text, model, clip) => Capture(text, model, clip, "full.npz", sites, onlyDouble))
        );

        Assert.Equal("9", node);
        Assert.StartsWith("FluxSpaceEditPair #9, input 'full_capture_sites_json': ", message, StringComparison.Ordinal);
        Assert.Contains(expected, message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CaptureSites_WithoutAPath_AreWarnedOf()
    {
        await _host.LatentAsync(
            Prompt((text, model, clip) => Capture(text, model, clip, "", """{"sites": [[2, "single_0"]]}"""))
        );

        var (node, message) = Assert.Single(_host.Warnings);
        Assert.Equal("9", node);
        Assert.Contains("full_measure_path no file", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CapturedSteps_OfALongerRun_AreWarnedOfAtTheNode()
    {
        await _host.LatentAsync(
            Prompt((text, model, clip) => Capture(text, model, clip, "full.npz", """{"sites": [[5, "single_0"]]}"""))
        );
        await _host.LatentAsync(
            Prompt(
                (text, model, _) =>
                    text.Add(
                        "FluxSpaceDirectionInjectFull",
                        ("model", model),
                        ("delta_full_npz_path", "full.npz"),
                        ("scale", 1.0),
                        ("start_percent", 0.0),
                        ("end_percent", 1.0),
                        ("renorm", true),
                        ("verbose", false)
                    ),
                4
            )
        );

        var (node, message) = Assert.Single(_host.Warnings);
        Assert.Equal("7", node);
        Assert.StartsWith("FluxSpaceDirectionInjectFull #7: ", message, StringComparison.Ordinal);
        Assert.Contains("has directions for step 5, and of the 4 steps", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FileThatIsNoArchive_IsNamedWithTheNodeAndTheInput()
    {
        Directory.CreateDirectory(_host.OutputFile(""));
        await File.WriteAllTextAsync(_host.OutputFile("delta.npz"), "hello");
        var (node, message) = await _host.FailureAsync(
            Prompt((text, model, _) => Direct(text, model, "delta.npz", "single_0"))
        );

        Assert.Equal("7", node);
        Assert.StartsWith("FluxSpaceEditDirect #7, input 'delta_npz_path': ", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Direction_OfAnUNet_FailsThoughItNamesNoLayer()
    {
        Write("delta.npz", ("delta", NumpyArray.Of(new float[64], 64)));
        var (node, message) = await _host.FailureAsync(Sd15((text, model, _) => Direct(text, model, "delta.npz", "")));

        Assert.Equal("4", node);
        Assert.Contains("is for joint attention", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TextTokens_OfAnUNet_FailAtTheEdit()
    {
        var (node, message) = await _host.FailureAsync(
            Sd15(
                (text, model, clip) =>
                    text.Pair(
                        model,
                        text.Encode(clip, "a smile"),
                        text.Encode(clip, "a broad smile"),
                        ("tokens", "text")
                    )
            )
        );

        Assert.Equal("6", node);
        Assert.StartsWith("FluxSpaceEditPair #6, input 'tokens': ", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0..1", "", "input 'windows': expected entries like '0.2-0.8'")]
    [InlineData("0-80", "", "with bounds from 0 to 1, got '0-80'")]
    [InlineData("0-1", "duble=1", "input 'block_strengths': expected entries like 'single=0.5'")]
    public async Task GateThatCannotBeRead_IsNamedWithTheNodeAndTheInput(string windows, string blocks, string expected)
    {
        var (node, message) = await _host.FailureAsync(
            Prompt((text, model, _) => Advanced(text, model, windows, blocks))
        );

        Assert.Equal("7", node);
        Assert.StartsWith("LoraLoaderStepGatedAdvanced #7, ", message, StringComparison.Ordinal);
        Assert.Contains(expected, message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task BlockThatTheModelLacks_IsWarnedOf()
    {
        await _host.LatentAsync(Prompt((text, model, _) => Advanced(text, model, "0-1", "double_0=0.5, double_99=0")));

        var (node, message) = Assert.Single(_host.Warnings);
        Assert.Equal("7", node);
        Assert.Contains("there is no block double_99 in the model", message, StringComparison.Ordinal);
        Assert.Contains("single_0 to single_1", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task MeasurePath_OfAFolder_IsRefused()
    {
        var (_, message) = await _host.FailureAsync(
            Prompt(
                (text, model, clip) =>
                    text.Pair(
                        model,
                        text.Encode(clip, "a smile"),
                        text.Encode(clip, "a broad smile"),
                        ("measure_path", "runs/")
                    )
            )
        );

        Assert.Contains("such as runs/run.npz", message, StringComparison.Ordinal);
    }

    private delegate JArray Wiring(PromptText text, JArray model, JArray clip);

    private static PromptText Prompt(Wiring wire, int steps = 6)
    {
        var text = new PromptText();
        var (model, clip) = (text.Flux(), text.FluxClip());
        var start = text.Encode(clip, "a portrait of a woman");
        var negative = text.Encode(clip, "blurry");
        var guided = text.Add("FluxGuidance", ("conditioning", start), ("guidance", 3.5));
        text.Add("FluxGuidance", ("conditioning", negative), ("guidance", 2.0));
        return text.Sample(wire(text, model, clip), guided, guided, steps: steps);
    }

    private static PromptText Sd15(Wiring wire) => Checkpoint("nodehost-tiny-sd15.safetensors", wire);

    private static PromptText Checkpoint(string file, Wiring wire)
    {
        var text = new PromptText();
        var checkpoint = text.Add("CheckpointLoaderSimple", ("ckpt_name", file));
        var clip = PromptText.Output(checkpoint, 1);
        var (positive, negative) = (text.Encode(clip, "a portrait"), text.Encode(clip, "blurry"));
        return text.Sample(wire(text, checkpoint, clip), positive, negative, 3, 2, "EmptyLatentImage");
    }

    private static JArray Gate(
        PromptText text,
        JArray model,
        double start,
        double end,
        string file = "nodehost-tiny-flux-lora.safetensors"
    ) =>
        text.Add(
            "LoraLoaderStepGated",
            ("model", model),
            ("lora_name", file),
            ("strength_model", 0.9),
            ("start_percent", start),
            ("end_percent", end)
        );

    private static JArray Capture(
        PromptText text,
        JArray model,
        JArray clip,
        string path,
        string sites,
        bool onlyDouble = false
    ) =>
        text.Pair(
            model,
            text.Encode(clip, "a smile"),
            text.Encode(clip, "a broad smile"),
            ("double_blocks_only", onlyDouble),
            ("full_measure_path", path),
            ("full_capture_sites_json", sites)
        );

    private static JArray Advanced(PromptText text, JArray model, string windows, string blocks) =>
        text.Add(
            "LoraLoaderStepGatedAdvanced",
            ("model", model),
            ("lora_name", "nodehost-tiny-flux-lora.safetensors"),
            ("strength_model", 0.9),
            ("windows", windows),
            ("block_strengths", blocks)
        );

    private static JArray Direct(PromptText text, JArray model, string file, string blocks) =>
        text.Add(
            "FluxSpaceEditDirect",
            ("model", model),
            ("delta_npz_path", file),
            ("blocks", blocks),
            ("scale", 1.0),
            ("start_percent", 0.0),
            ("end_percent", 1.0),
            ("verbose", false)
        );

    private void Write(string name, params (string Name, NumpyArray Array)[] members)
    {
        Directory.CreateDirectory(_host.OutputFile(""));
        NumpyArchive.Write(_host.OutputFile(name), members);
    }
}
