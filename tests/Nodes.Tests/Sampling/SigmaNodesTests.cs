using NodeHost.Graph.Contracts;
using NodeHost.Nodes.CustomSampling;
using NodeHost.Nodes.Values;

namespace NodeHost.Tests.Nodes.Sampling;

public sealed class SigmaNodesTests
{
    private static readonly Sigmas Falling = new([8, 4, 2, 1, 0]);

    private readonly NodeContext _context = new();

    [Fact]
    public void SplitSigmas_StepInside_BothPartsHaveTheCut()
    {
        var (high, low) = new SplitSigmas { Sigmas = Falling, Step = 1 }.Execute(_context);

        Assert.Equal([8, 4], high.Values);
        Assert.Equal([4, 2, 1, 0], low.Values);
    }

    [Fact]
    public void SplitSigmas_StepBehindTheEnd_LeavesNothingBelow()
    {
        var (high, low) = new SplitSigmas { Sigmas = Falling, Step = 50 }.Execute(_context);

        Assert.Equal(Falling.Values, high.Values);
        Assert.Empty(low.Values);
    }

    [Theory]
    [InlineData(0.5, new float[] { 8, 4, 2 }, new float[] { 2, 1, 0 })]
    [InlineData(1.0, new float[] { 8 }, new float[] { 8, 4, 2, 1, 0 })]
    [InlineData(0.0, new float[0], new float[] { 0 })]
    public void SplitSigmasDenoise_Fraction_CutsAsPythonSlices(double denoise, float[] high, float[] low)
    {
        var split = new SplitSigmasDenoise { Sigmas = Falling, Denoise = denoise }.Execute(_context);

        Assert.Equal(high, split.HighSigmas.Values);
        Assert.Equal(low, split.LowSigmas.Values);
    }

    [Fact]
    public void FlipSigmas_LastIsZero_StartsJustAboveIt()
    {
        Assert.Equal(
            [0.0001f, 1, 2, 4, 8],
            new FlipSigmas { Sigmas = Falling }
                .Execute(_context)
                .Values
        );
        Assert.Empty(
            new FlipSigmas { Sigmas = new Sigmas([]) }
                .Execute(_context)
                .Values
        );
    }

    [Fact]
    public void ExtendIntermediateSigmas_Range_SplitsOnlyStepsThatStartInIt()
    {
        var extended = new ExtendIntermediateSigmas
        {
            Sigmas = Falling,
            Steps = 2,
            StartAtSigma = 4,
            EndAtSigma = 2,
        }.Execute(_context);

        Assert.Equal([8, 4, 3, 2, 1.5f, 1, 0], extended.Values);
    }

    [Fact]
    public void KarrasScheduler_Defaults_RunsFromTheHighestLevelToZero()
    {
        var sigmas = new KarrasScheduler().Execute(_context);

        Assert.Equal(21, sigmas.Count);
        Assert.Equal(14.614642f, sigmas[0], 1e-4f);
        Assert.Equal(0.0291675f, sigmas[19], 1e-6f);
        Assert.Equal(0, sigmas[20]);
    }

    [Fact]
    public void OtherSchedulers_Defaults_Fall()
    {
        Sigmas[] all =
        [
            new ExponentialScheduler().Execute(_context),
            new PolyexponentialScheduler().Execute(_context),
            new LaplaceScheduler().Execute(_context),
            new VpScheduler().Execute(_context),
        ];

        Assert.All(all, sigmas => Assert.Equal(sigmas.Values.OrderDescending(), sigmas.Values));
    }
}
