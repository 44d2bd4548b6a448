using NodeHost.Diffusion.FluxSpace.Numpy;
using NodeHost.Graph.Execution;
using static NodeHost.Tests.Nodes.FluxSpace.EditGraphs;

namespace NodeHost.Tests.Nodes.FluxSpace;

/// <summary>Measurements and directions that cannot be made or used: the node, the file and the remedy are named.</summary>
public sealed class BadMeasurementTests : IDisposable
{
    private readonly PromptHost _host = new();

    public void Dispose() => _host.Dispose();

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
        _host.WriteArrays("delta.npz", ("delta", NumpyArray.Of(new float[7], 7)));
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
                    text.Smile(
                        model,
                        clip,
                        ("full_measure_path", "full.npz"),
                        ("full_capture_sites_json", """{"sites": [[2, "single_0"], [3, "double_0"]]}""")
                    )
            )
        );
        PromptText Inject(int steps) =>
            Prompt((text, model, _) => InjectFull(text, model, "full.npz", renormalise: false), steps);
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
        _host.WriteArrays("delta.npz", ("delta", NumpyArray.Of(new float[96], 96)));
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
                    text.Smile(
                        model,
                        clip,
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
            Prompt((text, model, clip) => text.Smile(model, clip, ("scale", scale), ("measure_path", "pair.npz")))
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
                Prompt((text, model, clip) => text.Smile(model, clip, ("measure_path", file)), steps)
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
        await _host.LatentAsync(Prompt((text, model, _) => InjectFull(text, model, "full.npz", renormalise: true), 4));

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
        _host.WriteArrays("delta.npz", ("delta", NumpyArray.Of(new float[64], 64)));
        var (node, message) = await _host.FailureAsync(Sd15((text, model, _) => Direct(text, model, "delta.npz", "")));

        Assert.Equal("4", node);
        Assert.Contains("is for joint attention", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task MeasurePath_OfAFolder_IsRefused()
    {
        var (_, message) = await _host.FailureAsync(
            Prompt((text, model, clip) => text.Smile(model, clip, ("measure_path", "runs/")))
        );

        Assert.Contains("such as runs/run.npz", message, StringComparison.Ordinal);
    }
}
