using NodeHost.Diffusion.FluxSpace;
using NodeHost.Diffusion.FluxSpace.Analysis;
using NodeHost.Tests.Shared;

namespace NodeHost.Tests.Diffusion.FluxSpace.Analysis;

public sealed class CollapsePredictorsTests
{
    // Two sites of two channels: attention (2, 0) and (0, 4), pull (1, 0) and (0, -2).
    private static readonly MeasurementFile Small = File([2, 0, 0, 4], [1, 0, 0, -2]);

    [Fact]
    public void MaxEnvelope_TwoSites_IsTheLargestMagnitudeOfAny()
    {
        var predictors = new CollapsePredictors(Small);

        Assert.Equal(4, predictors.EnvelopeAtZero);
        Assert.Equal(3, predictors.MaxEnvelope(1)); // max(|2 + 1|, |4 - 2|)
        Assert.Equal(6, predictors.MaxEnvelope(-1)); // max(|2 - 1|, |4 + 2|)
        Assert.Equal(1.5, predictors.EnvelopeRatio(-1));
    }

    [Fact]
    public void Scan_RatioWithKnownCrossings_FindsBothEdgesOnTheGrid()
    {
        var predictors = new CollapsePredictors(Small);

        // Up: 2 + s <= 5.1 holds to the end; -4 + 2s leaves the limit beyond s = 4.55. Down: 4 - 2s <= 5.1 from -0.55.
        var window = SafeWindow.Scan(scale => predictors.EnvelopeRatio(scale) <= SafeWindow.PublishedRatio);

        Assert.Equal(new SafeWindow(-0.55, 3), window);
        Assert.True(window!.IsCutOff);
    }

    [Fact]
    public void MaxEnvelope_AnyMeasurement_IsConvexInTheScale()
    {
        var draw = new Random(4);
        float[] Values() => [.. Enumerable.Range(0, 6 * 5).Select(_ => (float)((draw.NextDouble() * 4) - 2))];
        var file = new MeasurementFile(
            [4, 5, 6],
            ["double_0", "single_0"],
            new Dictionary<string, float[]> { ["attn_base"] = Values(), ["delta_mix"] = Values() }
        );
        var predictors = new CollapsePredictors(file);

        for (var scale = -3.0; scale < 3; scale += 0.05)
        {
            var ends = (predictors.MaxEnvelope(scale - 0.2) + predictors.MaxEnvelope(scale + 0.2)) / 2;
            Assert.True(predictors.MaxEnvelope(scale) <= ends + 1e-9, $"not convex at {scale}");
        }
    }

    [Fact]
    public void Scan_NothingSafe_GivesNone() => Assert.Null(SafeWindow.Scan(_ => false));

    [Fact]
    public void VerificationScales_Window_AreBothEdgesWithMarginsAndZeroAndOne() =>
        Assert.Equal(
            [-0.6, -0.5, -0.4, -0.3, -0.2, 0, 1, 1.1, 1.2, 1.3, 1.4, 1.5],
            new SafeWindow(-0.4, 1.3).VerificationScales
        );

    [Fact]
    public void Cosines_ParallelAndOpposed_AreTakenBySite()
    {
        var predictors = new CollapsePredictors(File([2, 0, 0, 4], [1, 0, 3, -4]));

        // Cosines 1 and -16 / (4 * 5); ratios 1/2 and 5/4; the 95th percentile lies 0.95 of the way.
        Assert.Equal((1 - 0.8) / 2, predictors.CosineMean, 12);
        Assert.Equal(0.8 + 0.95 * 0.2, predictors.CosineP95, 12);
        Assert.Equal(0.5 + 0.95 * 0.75, predictors.NormRatioP95, 12);
    }

    [Fact]
    public void Calibration_TwoPrompts_MeasuresInTheirDeviations()
    {
        var measurement = File([4, 0], [2, 2]);
        MeasurementFile[] bases = [Base([1, -1], 6), Base([3, 1], 10)];
        var calibration = new Calibration(measurement, bases);

        // Means (2, 0), deviations 1 and 1 (+ 1e-6): at scale 1 the channels lie 4 and 2 deviations out.
        Assert.Equal(4, calibration.MaxStandardised(1), 4);
        Assert.Equal(Math.Sqrt(20), calibration.MaxDistance(1), 4);
        Assert.Equal(Math.Sqrt(20), calibration.MeanDistance(1), 4);
        // |(6, 2)| over the mean norm 8 / sqrt(2).
        Assert.Equal(Math.Sqrt(40) / (8 / Math.Sqrt(2)), calibration.NormRatio(1), 6);
    }

    [Fact]
    public void Restrict_OtherWindow_KeepsCommonSitesOnly()
    {
        var early = new MeasurementFile([1, 2], ["double_0", "single_0"], Members([1, 2, 3, 4]));
        var late = new MeasurementFile([2, 3], ["single_0"], Members([8, 9]));

        var common = early.Restrict([late]);

        Assert.Equal([2L], common.Steps);
        Assert.Equal(["single_0"], common.Blocks);
        Assert.Equal([4f], common.Base.ToArray());
    }

    [Fact]
    public void Restrict_NothingInCommon_SaysWhatToDo()
    {
        var one = new MeasurementFile([1], ["double_0"], Members([1]));
        var other = new MeasurementFile([2], ["double_0"], Members([1]));

        var error = Assert.Throws<FluxSpaceException>(() => one.Restrict([other]));

        Assert.Contains("same model, schedule and window", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Delta_BaseMeasurement_SaysThatItHasNoEdit()
    {
        var error = Assert.Throws<FluxSpaceException>(() => Base([1, 2], 3).Delta(1).ToArray());

        Assert.Contains("delta_mix_1", error.Message, StringComparison.Ordinal);
        Assert.Contains("base measurement has no edit", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Measurement_OfABrokenRun_IsRefused(float value)
    {
        var error = Assert.Throws<FluxSpaceException>(() => File([2, 0, value, 4], [1, 0, 0, -2]));

        Assert.Contains("'attn_base' is ", error.Message, StringComparison.Ordinal);
        Assert.Contains("at place 2 of 4", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("delta_mix", 2)]
    [InlineData("delta_mix_fro", 4)]
    [InlineData("steered_at_scale", 2)]
    public void Measurement_MemberOfAnotherShape_IsRefusedByName(string member, int count)
    {
        var members = Members([1, 2, 3, 4]);
        members[member] = new float[count];

        var error = Assert.Throws<FluxSpaceException>(() => new MeasurementFile([1, 2], ["double_0"], members));
        Assert.Contains($"'{member}' has {count} values, expected ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Predictors_WithoutAnyAttention_AreRefused()
    {
        var error = Assert.Throws<FluxSpaceException>(() => new CollapsePredictors(File([0, 0, 0, 0], [1, 0, 0, -2])));

        Assert.Contains("0 at all of its 2 sites", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ThresholdFit_ValuesThatOverlap_TakesTheBestLimit()
    {
        var fit = ThresholdFit.Of([(1.0, false), (1.2, false), (1.3, true), (1.4, false), (1.5, true), (1.6, true)]);

        // Above 1.2: five of six right; also 1.25, 1.4 and 1.45, of which the lowest is taken.
        Assert.Equal(1.2, fit.Threshold);
        Assert.Equal(5 / 6.0, fit.Accuracy, 12);
    }

    [GoldenFact]
    public void Read_ComfyUisMeasurement_PredictsWhatItsSteeredMeansShow()
    {
        var file = MeasurementFile.Read(Golden.PathOf("public/e2e/fluxspace_measure/pair.npz"));
        var predictors = new CollapsePredictors(file);

        Assert.Equal(6, file.Blocks.Count);
        Assert.Equal(96, file.Width);
        Assert.Equal(file.SiteCount, predictors.NormRatios().Count);
        Assert.Equal(file.SiteCount, file.DeltaNorms(1).Length);
        // It was steered at 0.5: attention plus half of the pull is what it wrote down as steered.
        using var archive = NodeHost.Diffusion.FluxSpace.Numpy.NumpyArchive.Open(
            Golden.PathOf("public/e2e/fluxspace_measure/pair.npz")
        );
        var steered = archive.Read("steered_at_scale").ToFloats();
        Assert.Equal(steered.Max(Math.Abs), predictors.MaxEnvelope(0.5), 5);
        Assert.Equal(0.5, file.Scale!.Value, 5);
    }

    [GoldenFact]
    public void Read_ShortForm_HasTheLongOnesSitesInHalfPrecision()
    {
        var full = MeasurementFile.Read(Golden.PathOf("public/e2e/fluxspace_measure/pair.npz"));
        var brief = MeasurementFile.Read(Golden.PathOf("public/e2e/fluxspace_measure/pair.v2.npz"));

        Assert.Equal(full.Steps, brief.Steps);
        Assert.Equal(full.Blocks, brief.Blocks);
        Assert.Equal(0, brief.DeltaNorms(1).Length);
        // The two were made with different mixes, which the first site of the first step cannot know.
        for (var channel = 0; channel < full.Width; channel++)
        {
            Assert.Equal(full.Base[channel], brief.Base[channel], 2e-3f);
        }
    }

    private static Dictionary<string, float[]> Members(float[] attention) => new() { ["attn_base"] = attention };

    private static MeasurementFile File(float[] attention, float[] pull) =>
        new(
            [.. Enumerable.Range(0, attention.Length / 2).Select(step => (long)step)],
            ["double_0"],
            new Dictionary<string, float[]> { ["attn_base"] = attention, ["delta_mix"] = pull }
        );

    private static MeasurementFile Base(float[] attention, float norm) =>
        new(
            [0],
            ["double_0"],
            new Dictionary<string, float[]> { ["attn_base"] = attention, ["attn_base_fro"] = [norm] }
        );
}
