using NodeHost.Diffusion.FluxSpace;
using NodeHost.Diffusion.Lora;
using NodeHost.Diffusion.Sampling;
using NodeHost.Diffusion.Sampling.Schedules;

namespace NodeHost.Tests.Diffusion.FluxSpace;

/// <summary>Bounds that fall on a schedule's own noise levels are decided by the last bit.</summary>
public sealed class EditWindowTests
{
    private static readonly FluxModelSampling Flux = new();

    [Theory]
    [InlineData(0.15, 16)]
    [InlineData(0.2, 15)]
    [InlineData(0.25, 15)]
    [InlineData(0.3, 14)]
    [InlineData(0.4, 12)]
    public void Contains_TwentySimpleSteps_StartsWhereTheReferenceDoes(double start, int active)
    {
        var window = new EditWindow(start, 1);

        Assert.Equal(active, Steps(20).Count(sigma => window.Contains(Flux, sigma)));
    }

    [Theory]
    [InlineData(8, 0.25, 0.75, "2345")]
    [InlineData(8, 0, 0.5, "01234")]
    [InlineData(8, 0.5, 1, "567")]
    [InlineData(8, 0.125, 0.875, "1234567")]
    [InlineData(8, 0.4, 0.41, "")]
    [InlineData(8, 0, 0, "0")]
    [InlineData(8, 1, 1, "")]
    [InlineData(8, 0.374, 0.376, "3")]
    public void Contains_BoundsOnSteps_DecidesByDoublePrecision(int steps, double start, double end, string expected)
    {
        var window = new EditWindow(start, end);
        var active = Steps(steps).Index().Where(step => window.Contains(Flux, step.Item)).Select(step => step.Index);

        Assert.Equal(expected, string.Concat(active));
    }

    [Theory]
    [InlineData(0, 0.75, 15)]
    [InlineData(0, 0.8, 17)]
    [InlineData(0, 0.85, 17)]
    [InlineData(0, 1, 20)]
    [InlineData(0.5, 0.5, 0)]
    [InlineData(0.8, 0.2, 0)]
    public void Gate_TwentySimpleSteps_SwitchesWhereKeyframesDo(double start, double end, int open)
    {
        var gate = new LoraGate(new GatedWindow(start, end));
        var states = Steps(20).Select(sigma => gate.IsOpen(Flux, sigma)).ToArray();

        Assert.Equal(open, states.Count(state => state));
        Assert.True(states.Zip(states.Skip(1)).Count(pair => pair.First != pair.Second) <= 1);
    }

    [Theory]
    // Bounds between a level and its float32 neighbour: an edit begins a step later, a gate does not.
    [InlineData(20, 0.1, 2, 3)]
    [InlineData(20, 0.15, 4, 4)]
    [InlineData(20, 0.2, 4, 5)]
    [InlineData(20, 0.35, 7, 8)]
    [InlineData(20, 0.5, 10, 11)]
    [InlineData(20, 0.6, 12, 13)]
    [InlineData(20, 0.7, 15, 15)]
    [InlineData(20, 0.75, 15, 15)]
    [InlineData(20, 0.9, 18, 18)]
    [InlineData(10, 0.2, 2, 3)]
    [InlineData(10, 0.6, 6, 7)]
    [InlineData(10, 0.8, 9, 9)]
    [InlineData(8, 0.5, 4, 5)]
    [InlineData(8, 0.625, 5, 6)]
    [InlineData(5, 0.2, 1, 2)]
    [InlineData(4, 0.5, 2, 3)]
    public void Start_OnAStep_IsDecidedInFloat32ForGatesAndInDoubleForEdits(
        int steps,
        double start,
        int gateOpens,
        int editBegins
    )
    {
        var (gate, window) = (new GatedWindow(start, 1), new EditWindow(start, 1));

        Assert.Equal(gateOpens, Steps(steps).Index().First(step => gate.Contains(Flux, step.Item)).Index);
        Assert.Equal(editBegins, Steps(steps).Index().First(step => window.Contains(Flux, step.Item)).Index);
    }

    [Fact]
    public void Gate_SeveralWindows_AddUpWhereTheyOverlap()
    {
        var gate = LoraGate.Parse("0-0.5=0.25, 0.2-1");

        Assert.Equal(0.25, gate.StrengthAt(Flux, 1));
        Assert.Equal(1.25, gate.StrengthAt(Flux, Flux.PercentToSigma(0.3)));
        Assert.Equal(1, gate.StrengthAt(Flux, Flux.PercentToSigma(0.9)));
    }

    [Theory]
    [InlineData("0.2")]
    [InlineData("a-b")]
    [InlineData("0-1=x")]
    [InlineData("0-2")]
    [InlineData("0-80")]
    [InlineData("[[0, 1]]")]
    [InlineData("-0.5-1")]
    public void Gate_TextOfAnotherForm_NamesTheForm(string text) =>
        Assert.Contains(
            "0.2-0.8",
            Assert.Throws<FormatException>(() => LoraGate.Parse(text)).Message,
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData(".2-.8=-.5", -0.5)]
    [InlineData("0.2 - 0.8 = 2 ; 0-1=-1", 1)]
    [InlineData("0.2-0.8\n0.3-0.4=0.25", 1.25)]
    [InlineData("", 0)]
    [InlineData("1-1, 0.8-0.2, 1-0", 0)]
    public void Gate_WrittenWindows_HaveTheirStrength(string text, double expected) =>
        Assert.Equal(expected, LoraGate.Parse(text).StrengthAt(Flux, Flux.PercentToSigma(0.35)));

    private static IEnumerable<double> Steps(int count) =>
        ScheduleCatalogue
            .Compute(ScheduleCatalogue.Get("simple"), Flux, count, 1, false)
            .SkipLast(1)
            .Select(sigma => (double)sigma);
}
