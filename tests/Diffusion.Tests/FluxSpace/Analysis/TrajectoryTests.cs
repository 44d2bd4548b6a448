using NodeHost.Diffusion.FluxSpace;
using NodeHost.Diffusion.FluxSpace.Analysis;

namespace NodeHost.Tests.Diffusion.FluxSpace.Analysis;

public sealed class TrajectoryTests
{
    [Fact]
    public void Class_StraightLine_IsLinearWithoutCurvature()
    {
        var line = Of(0, 0.5, 1, 1.5, 2, 2.5);

        Assert.Equal(ResponseClass.Linear, line.Class);
        Assert.Equal((1.0, 1.0), (line.Tau, Math.Round(line.LinearRSquared, 12)));
        Assert.Equal(0, line.Nonlinearity, 12);
        Assert.Equal(0, line.Concavity, 12);
        Assert.Equal(0.2, line.MaxStepRatio, 6);
        Assert.True(line.IsMonotone);
    }

    [Fact]
    public void Class_LevelsOff_IsSaturatingAndConcave()
    {
        var curve = Of(0, 0.9, 0.97, 0.98, 0.99, 1.0);

        // Sum of squares 0.7871 around the mean, 0.3889 around the line.
        Assert.Equal(ResponseClass.Saturating, curve.Class);
        Assert.Equal(0.506, curve.LinearRSquared, 3);
        Assert.True(curve.Concavity > 0);
        Assert.True(curve.Nonlinearity > 0.3);
    }

    [Theory]
    [InlineData(new[] { 0, 1, 0, 1, 0.5 })]
    [InlineData(new[] { 1, 0.5, 0.2, 0.1 })]
    [InlineData(new[] { 0.3, 0.3, 0.3 })]
    public void Class_NotRising_IsNonMonotone(double[] y) => Assert.Equal(ResponseClass.NonMonotone, Of(y).Class);

    [Fact]
    public void Tau_OneInversionAndOneTie_IsCorrectedForTies()
    {
        // Ten pairs: eight rise, one falls, one is tied, so 7 / sqrt(10 * 9).
        Assert.Equal(7 / Math.Sqrt(90), Of(1, 3, 2, 4, 4).Tau, 12);
    }

    [Fact]
    public void CubicRSquared_PointsOnACubic_IsOne()
    {
        var cubic = new Trajectory("", Enumerable.Range(-3, 7).Select(x => ((double)x, (double)(x * x * x - 4 * x))));

        // The line is y = 3x: of sum(y^2) = 468 it explains 9 * 28.
        Assert.Equal(252 / 468.0, cubic.LinearRSquared, 10);
        Assert.Equal(1, cubic.CubicRSquared, 10);
    }

    [Fact]
    public void Jump_SwitchNearTheMiddle_IsTheIntervalThatHoldsIt()
    {
        var sweep = new Trajectory("", [(0.6, 0.6), (0.3, 0.18), (0.4, 0.187), (0.5, 0.594), (0.7, 0.61)]);

        Assert.Equal((0.4, 0.5), sweep.Jump);
        Assert.Equal(0.407 / 0.43, sweep.MaxStepRatio, 6);
    }

    [Fact]
    public void IsMonotone_DipBelowTheTolerance_IsLetPass()
    {
        Assert.True(Of(0, 1, 0.99995, 2).IsMonotone);
        Assert.False(Of(0, 1, 0.999, 2).IsMonotone);
    }

    [Fact]
    public void Report_FourOfFiveStrong_IsSupported()
    {
        Trajectory[] strong = [Of(0, 1, 2), Of(0, 1, 3), Of(3, 2, 1), Of(0, 2, 3)];

        Assert.True(new MonotonicityReport([.. strong, Of(0, 2, 1)]).IsSupported);
        Assert.False(new MonotonicityReport([.. strong, Of(0, 2, 1), Of(0, 2, 1)]).IsSupported);
        var report = new MonotonicityReport(strong);
        Assert.Equal((0.5, 1.0), (report.MeanTau, report.MeanAbsoluteTau));
        Assert.Equal(2.5, report.MeanRange);
        Assert.Equal([0.75, 1.5, 2.25], report.Mean.Y);
    }

    [Fact]
    public void Shares_TwoPoints_BelongToNoClass()
    {
        var report = new MonotonicityReport([Of(0, 1), Of(0, 1, 2), Of(0, 2, 1)]);

        Assert.Equal(2, report.ShapedCount);
        Assert.Equal(0.5, report.ShareOf(ResponseClass.Linear));
        Assert.Equal(0, new MonotonicityReport([Of(0, 1)]).ShareOf(ResponseClass.Linear));
    }

    [Fact]
    public void Parse_TwoChannelsAndAMissingScore_GivesTrajectoriesByChannel()
    {
        var table = ResponseTable.Parse(
            "seed,mix_b,smile,jaw\na,0,0.1,0\na,1,0.9,0.2\n\nb,0,0.2,0\nb,0.5,,0\nb,1,0.7,0\n"
        );

        Assert.Equal("mix_b", table.SweptName);
        Assert.Equal(["smile", "jaw"], table.Channels.Select(channel => channel.Channel));
        Assert.Equal([2, 2], table.Channels[0].Trajectories.Select(trajectory => trajectory.X.Count));
        Assert.Equal([2, 3], table.Channels[1].Trajectories.Select(trajectory => trajectory.X.Count));
    }

    [Fact]
    public void Parse_ChannelsOfASmile_AddsTheirMean()
    {
        const string Channels = "mouthSmileLeft,mouthSmileRight,mouthStretchLeft,mouthStretchRight";
        var first = ResponseTable.Parse($"face,scale,{Channels}\na,0,0.1,0.2,0.3,0.4\na,1,0.5,0.5,0.5,\na,2,1,1,0,0");
        var last = ResponseTable.Parse($"face,scale,jaw,{Channels}\na,0,0,0.1,0.2,0.3,0.4\na,2,1,1,1,0,0");

        Assert.Equal("smile intensity", first.Channels[0].Channel);
        // A picture in which a part was not detected has no mean.
        Assert.Equal([0.0, 2], first.Channels[0].Trajectories[0].X);
        Assert.Equal([0.25, 0.5], first.Channels[0].Trajectories[0].Y.Select(value => Math.Round(value, 12)));
        Assert.Equal(["jaw", "mouthSmileLeft"], last.Channels.Take(2).Select(channel => channel.Channel));
        Assert.Equal("smile intensity", last.Channels[^1].Channel);
    }

    [Theory]
    [InlineData("", "no heading")]
    [InlineData("a,scale,smile\nx,1", "line 2: 2 cells under 3 headings")]
    [InlineData("a,scale,smile\nx,1,high", "line 2, 'smile': expected a number, got 'high'")]
    [InlineData("a,scale,smile\nx,,1", "line 2, 'scale'")]
    [InlineData("a,scale,smile\nx,1,1\ny,2,2", "no trajectory with two scores")]
    [InlineData("a,scale,smile\nx,0,1\nx,0,2", "no trajectory with two scores")]
    public void Parse_BadTable_SaysWhere(string text, string expected)
    {
        var error = Assert.Throws<FluxSpaceException>(() => ResponseTable.Parse(text));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    private static Trajectory Of(params double[] y) => new("", y.Select((value, index) => ((double)index, value)));
}
