using NodeHost.Diffusion.Guidance;
using NodeHost.Diffusion.Models;
using static NodeHost.Tests.Diffusion.Guidance.GuidanceCase;

namespace NodeHost.Tests.Diffusion.Guidance;

[AssertNoLeakedTensors]
public sealed class SkipLayerGuidanceTests
{
    private const double Scale = 3;

    private static DiffusionModel With(DiffusionModel model, double start, double end, double rescaling = 0) =>
        model with
        {
            GuidanceHooks = [new SkipLayerGuidance(SkippedLayers.Parse("0", ""), 2.5, start, end, rescaling)],
        };

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.6)]
    public void Apply_Inside_GuidesAwayFromThePredictionWithoutLayers(double rescaling)
    {
        using var test = new GuidanceCase();

        var actual = test.Guide(model => With(model, 0, 1, rescaling), Scale);

        Assert.NotNull(Assert.Single(test.Requests).Block);
        var expected = test.Formula(
            (_, p, n, extra) =>
            {
                var guided = Mix(
                    Mix(p, n, (a, b) => b + ((a - b) * Scale)),
                    Mix(p, extra, (a, b) => a - b),
                    (a, b) => a + (2.5 * b)
                );
                var factor = (rescaling * Deviation(p) / Deviation(guided)) + 1 - rescaling;
                return [.. guided.Select(value => value * factor)];
            }
        );
        AssertClose(expected, actual);
    }

    [Fact]
    public void Apply_OutsideItsPart_AsksForNothing()
    {
        using var test = new GuidanceCase();

        // A noise level of 2.5 stands at about a third of the run.
        test.Guide(model => With(model, 0, 0.1), Scale);
        test.Guide(model => With(model, 0.9, 1), Scale);
        Assert.Empty(test.Requests);

        test.Guide(model => With(model, 0.1, 0.9), Scale);
        Assert.Single(test.Requests);
    }

    [Theory]
    [InlineData("7, 8, 9", new[] { 7, 8, 9 })]
    [InlineData("12;3 and 0", new[] { 0, 3, 12 })]
    [InlineData("none", new int[0])]
    public void Parse_Texts_GiveTheNumbersInThem(string text, int[] expected)
    {
        var layers = SkippedLayers.Parse(text, "");

        Assert.Equal(expected, layers.Double.Order());
        Assert.Empty(layers.Single);
    }

    private static double Deviation(double[] values)
    {
        var mean = values.Average();
        return Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1));
    }
}
