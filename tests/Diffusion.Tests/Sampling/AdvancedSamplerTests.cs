using NodeHost.Diffusion.Sampling;
using NodeHost.Diffusion.Sampling.Parameterizations;
using NodeHost.Diffusion.Sampling.Samplers;
using NodeHost.Tensors;
using NodeHost.Tests.Shared;

namespace NodeHost.Tests.Diffusion.Sampling;

[AssertNoLeakedTensors]
public sealed class AdvancedSamplerTests
{
    private static readonly float[] Sigmas = [8, 4, 1, 0];
    private static readonly DiscreteModelSampling Sampling = new(new EpsPrediction());

    [Fact]
    public void Sample_EulerAlternative_FollowsTheFormula()
    {
        using var scope = new TensorScope();
        var denoiser = new AnalyticDenoiser(Sampling, 3);
        var x = Tensor.Full([1, 1, 1, 1], 5.0);

        var result = new EulerCfgPlusPlusAlternativeSampler().Sample(new SamplerRun(denoiser, x, Sigmas, 0));

        var expected = 5.0;
        for (var step = 0; step < Sigmas.Length - 1; step++)
        {
            var (guided, negative) = denoiser.DenoiseWithNegative(Tensor.Full([1, 1, 1, 1], expected), Sigmas[step]);
            var derivative = (expected - (2 * guided.Item()) + negative.Item()) / Sigmas[step];
            expected += derivative * (Sigmas[step + 1] - Sigmas[step]);
        }
        Assert.Equal(expected, result.Item(), 1e-4);
    }

    [Theory]
    [InlineData(2.0, null, new long[] { 8, 12, 16 })] // Half of four levels: in two steps.
    [InlineData(2.0, 1, new long[] { 8, 16, 16 })]
    [InlineData(1.5, 3, new long[] { 8, 9, 11 })] // 9.33, 10.67, 12
    [InlineData(2.0, 0, new long[] { 8, 8, 8 })]
    public void Sample_LcmUpscale_GrowsOverItsSteps(double ratio, int? steps, long[] widths)
    {
        using var scope = new TensorScope();
        var seen = new List<long>();
        var run = new SamplerRun(new AnalyticDenoiser(Sampling, 1), Tensor.Ones([2, 4, 4, 8]), Sigmas, 3)
        {
            Callback = step => seen.Add(step.X.Length(3)),
        };

        var result = new LcmUpscaleSampler(ratio, steps, "bislerp").Sample(run);

        Assert.Equal(widths, seen);
        Assert.Equal((long)Math.Round(8 * (steps == 0 ? 1 : ratio)), result.Length(3));
        Assert.Equal(result.Length(3), 2 * result.Length(2));
    }

    [Fact]
    public void Sample_LcmUpscaleOfOne_IsLcm()
    {
        using var scope = new TensorScope();
        SamplerRun Run() => new(new AnalyticDenoiser(Sampling, 1), Tensor.Ones([1, 4, 4, 8]), Sigmas, 3);

        var plain = new LcmSampler().Sample(Run());

        Assert.True(plain.IsEqualTo(new LcmUpscaleSampler(1, null, "bilinear").Sample(Run())));
    }
}
