using NodeHost.Diffusion.Sampling.Schedules;

namespace NodeHost.Tests.Diffusion.Sampling;

public sealed class TabulatedScheduleTests
{
    [Theory]
    // Levels of the published times, https://research.nvidia.com/labs/toronto-ai/AlignYourSteps/howto.html.
    [InlineData("SD1", 6.4746f, 0.1515f)]
    [InlineData("SDXL", 6.3184f, 0.1114f)]
    [InlineData("SVD", 54.5f, 0.034f)]
    public void AlignYourSteps_TenSteps_AreThePublishedOnes(string model, float second, float last)
    {
        var sigmas = AlignYourStepsSchedule.Compute(model, 10, 1);

        Assert.Equal(11, sigmas.Length);
        Assert.Equal(model == "SVD" ? 700 : 14.6146f, sigmas[0], 1e-4f);
        Assert.Equal(second, sigmas[1], 5e-5f);
        Assert.Equal(last, sigmas[9], 5e-5f);
        Assert.Equal(0, sigmas[10]);
    }

    [Fact]
    public void AlignYourSteps_UnknownModel_NamesTheKnownOnes()
    {
        var problem = Assert.Throws<ArgumentException>(() => AlignYourStepsSchedule.Compute("SD9", 10, 1));

        Assert.Contains("SD1, SDXL, SVD", problem.Message);
    }

    [Fact]
    public void OptimalSteps_AtTheirOwnNumberOfSteps_AreThePublishedLevels()
    {
        Assert.Equal(
            [0.9968f, 0.9886f, 0.9819f, 0.975f, 0.966f, 0.9471f, 0.9158f, 0.8287f, 0.5512f, 0.2808f, 0],
            OptimalStepsSchedule.Compute("FLUX", 10, 1)
        );
        var wan = OptimalStepsSchedule.Compute("Wan", 20, 1);
        Assert.Equal((21, 1f, 0.973f, 0.208f, 0f), (wan.Length, wan[0], wan[10], wan[19], wan[20]));
        var chroma = OptimalStepsSchedule.Compute("Chroma", 40, 1);
        Assert.Equal((41, 0.992f, 0.501f, 0.048f, 0f), (chroma.Length, chroma[0], chroma[24], chroma[39], chroma[40]));
    }

    [Theory]
    [InlineData("FLUX", 0.9968f)]
    [InlineData("Wan", 1f)]
    [InlineData("Chroma", 0.992f)]
    public void OptimalSteps_OtherNumbersOfSteps_FallFromTheFirstLevel(string model, float first)
    {
        var sigmas = OptimalStepsSchedule.Compute(model, 17, 1);

        Assert.Equal((18, first, 0f), (sigmas.Length, sigmas[0], sigmas[^1]));
        Assert.All(sigmas.Zip(sigmas.Skip(1)), pair => Assert.True(pair.First > pair.Second));
        Assert.Equal(sigmas[9..], OptimalStepsSchedule.Compute(model, 17, 0.5)); // 8.5 steps, rounded to even
    }

    [Fact]
    public void OptimalSteps_UnknownModel_NamesTheKnownOnes()
    {
        var problem = Assert.Throws<ArgumentException>(() => OptimalStepsSchedule.Compute("SD1", 10, 1));

        Assert.Contains("FLUX, Wan, Chroma", problem.Message);
    }

    [Fact]
    public void Compute_OtherNumberOfSteps_ReadsBetweenEntriesInTheLogarithm()
    {
        double[] table = [16, 4, 1];

        Assert.Equal([16, 8, 4, 2, 0], TabulatedSchedule.Compute(table, 4, 1));
        Assert.Equal([16, 0], TabulatedSchedule.Compute(table, 1, 1));
        Assert.Equal([16, 4, 0], TabulatedSchedule.Compute(table, 2, 1));
    }

    [Theory]
    [InlineData(0.5, new float[] { 4, 2, 0 })]
    [InlineData(0.6, new float[] { 4, 2, 0 })] // 2.4 steps
    [InlineData(0.1, new float[] { 0 })]
    [InlineData(0.0, new float[0])]
    public void Compute_Denoise_KeepsTheEnd(double denoise, float[] expected)
    {
        Assert.Equal(expected, TabulatedSchedule.Compute([16, 4, 1], 4, denoise));
    }
}
