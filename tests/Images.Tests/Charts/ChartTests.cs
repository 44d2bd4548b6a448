using NodeHost.Images;
using NodeHost.Images.Charts;

namespace NodeHost.Tests.Images.Charts;

public sealed class ChartTests
{
    [Fact]
    public void Ticks_UnevenEnds_AreRoundNumbersWithTheirDecimals()
    {
        var axis = ChartAxis.Around([-0.07, 1.93], 4, isWidened: true);

        Assert.Equal(["-0.5", "0.0", "0.5", "1.0", "1.5", "2.0"], axis.Ticks.Select(axis.Label));
        Assert.Equal(0.2, axis.Share(0), 12);
    }

    [Theory]
    [InlineData(new double[0])]
    [InlineData(new[] { 3.0, 3.0 })]
    [InlineData(new[] { double.NaN, double.PositiveInfinity })]
    public void Around_NothingToSpan_StillHasTicks(double[] values) =>
        Assert.NotEmpty(ChartAxis.Around(values, 5, isWidened: true).Ticks);

    [Fact]
    public void Text_EveryLetter_IsDrawnAndDiffers()
    {
        var seen = new HashSet<string>();
        for (var letter = '!'; letter <= '~'; letter++)
        {
            var canvas = new ChartCanvas(12, 16);
            canvas.Text(1, 1, $"{letter}", Colour.Ink);
            Assert.True(seen.Add(Convert.ToHexString(canvas.Picture.Data)), $"{letter} looks like another letter");
        }
        Assert.DoesNotContain(Convert.ToHexString(new ChartCanvas(12, 16).Picture.Data), seen);
    }

    [Fact]
    public void Line_Horizontal_CoversItsThicknessOnly()
    {
        var canvas = new ChartCanvas(20, 10);
        canvas.Line((5, 5), (15, 5), Colour.Ink, 2);

        Assert.Equal(Colour.Ink, At(canvas.Picture, 10, 4));
        Assert.Equal(Colour.Ink, At(canvas.Picture, 10, 5));
        Assert.Equal(Colour.White, At(canvas.Picture, 10, 2));
        Assert.Equal(Colour.White, At(canvas.Picture, 18, 5));
    }

    [Fact]
    public void Line_OutsideThePicture_IsCutOff()
    {
        var canvas = new ChartCanvas(20, 10);
        canvas.Line((-50, 5), (70, 5), Colour.Ink, 2);

        Assert.Equal(Colour.Ink, At(canvas.Picture, 19, 5));
    }

    [Fact]
    public void LineChart_BandAndGap_AreWhereTheValuesSay()
    {
        var chart = new LineChart
        {
            Title = "t",
            XLabel = "x",
            YLabel = "y",
            Series = [new LineSeries("", [(0, 0), (1, double.NaN), (2, 0)], Colour.Vermilion)],
            Band = (0.5, 1),
        };
        var picture = ChartSheet.Render(400, (chart, 300));

        Assert.DoesNotContain(Colour.Vermilion, Pixels(picture));
        var shade = Colour.White.Towards(Colour.Jade, 0.16);
        var columns = Enumerable.Range(0, 400).Where(x => At(picture, x, 140) == shade).ToArray();
        Assert.InRange(columns[^1] - columns[0], 70, 95);
    }

    [Fact]
    public void HeatMap_LargestValue_IsTheDarkestCell()
    {
        var map = new HeatMap
        {
            Title = "t",
            Rows = ["a", "b"],
            Columns = ["c", "d"],
            Values = [0, 1, 2, 4],
        };
        var picture = ChartSheet.Render(400, (map, 300));

        Assert.Equal(new Colour(40, 0, 70), At(picture, 300, 220));
        Assert.Equal(new Colour(246, 248, 252), At(picture, 100, 100));
    }

    private static Colour At(PixelBuffer picture, int x, int y)
    {
        var pixel = picture.Row(y).Slice(x * 3, 3);
        return new Colour(pixel[0], pixel[1], pixel[2]);
    }

    private static IEnumerable<Colour> Pixels(PixelBuffer picture) =>
        picture.Data.Chunk(3).Select(pixel => new Colour(pixel[0], pixel[1], pixel[2]));
}
