using NodeHost.Diffusion.Sampling;

namespace NodeHost.Tests.Diffusion.Sampling;

public sealed class CosineModelSamplingTests
{
    [Theory]
    [InlineData(0.1)]
    [InlineData(0.5)]
    [InlineData(0.9)]
    public void Sigma_Time_IsThatOfTheCosineSchedule(double time)
    {
        var sampling = new CosineModelSampling();

        var signal = Math.Pow(Math.Cos((time + 0.008) / 1.008 * Math.PI / 2), 2);
        signal /= Math.Pow(Math.Cos(0.008 / 1.008 * Math.PI / 2), 2);
        Assert.Equal(Math.Sqrt(1 / signal - 1), sampling.Sigma(time), 1e-9);
        Assert.Equal(time, sampling.Timestep(sampling.Sigma(time)), 1e-9);
        Assert.Equal(sampling.Sigma(1 - time), sampling.PercentToSigma(time));
    }

    [Fact]
    public void Sigma_Shift_MultipliesTheLevel()
    {
        // log SNR falls by 2 log(shift), so the noise level grows by the shift.
        Assert.Equal(2 * new CosineModelSampling().Sigma(0.4), new CosineModelSampling(2).Sigma(0.4), 1e-9);
    }

    [Fact]
    public void Sigmas_Table_RisesFromLeastToMostNoise()
    {
        var sigmas = new CosineModelSampling(2).Sigmas;

        Assert.Equal(10000, sigmas.Count);
        Assert.Equal(sigmas.Order(), sigmas);
        Assert.Equal(Math.Sqrt(9999), sigmas[^1], 1e-2);
    }
}
