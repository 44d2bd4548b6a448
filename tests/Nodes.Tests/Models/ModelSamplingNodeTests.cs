using NodeHost.Diffusion.Models;
using NodeHost.Diffusion.Sampling;
using NodeHost.Diffusion.Sampling.Parameterizations;
using NodeHost.Graph.Contracts;
using NodeHost.Nodes.ModelAdvanced;
using NodeHost.Tensors;
using NodeHost.Tests.Diffusion.Sampling;

namespace NodeHost.Tests.Nodes.Models;

/// <summary>What a network is given and what its output means, by the published formulas, for every choice of the nodes.</summary>
[AssertNoLeakedTensors]
public sealed class ModelSamplingNodeTests
{
    private const double X = 1.7;
    private const double Output = 0.4;
    private static readonly NodeContext Context = new();

    private static DiffusionModel Model =>
        new()
        {
            Source = new FakeNetwork(),
            Sampling = new DiscreteModelSampling(new EpsPrediction()),
            LatentFormat = LatentFormat.Sd15,
        };

    [Theory]
    [InlineData("eps")]
    [InlineData("v_prediction")]
    [InlineData("x0")]
    [InlineData("img_to_img")]
    [InlineData("lcm")]
    public void Discrete_EveryPrediction_FollowsItsFormula(string prediction)
    {
        var sampling = new ModelSamplingDiscrete { Model = Model, Sampling = prediction }
            .Execute(Context)
            .Sampling;
        var sigma = (double)sampling.Sigmas[20];
        var time = sampling.Timestep(sigma);
        // https://arxiv.org/abs/2310.04378, appendix: sigma_data 0.5, time times 10.
        var boundary = (100 * time * time) + 0.25;

        Check(
            sampling,
            sigma,
            prediction == "img_to_img" ? X : X / Math.Sqrt((sigma * sigma) + 1),
            prediction switch
            {
                "eps" => X - (sigma * Output),
                "v_prediction" => (X / ((sigma * sigma) + 1)) - (Output * sigma / Math.Sqrt((sigma * sigma) + 1)),
                "lcm" => (0.25 / boundary * X) + (10 * time / Math.Sqrt(boundary) * (X - (sigma * Output))),
                _ => Output,
            }
        );
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Discrete_Distilled_KeepsEveryTwentiethTime(bool zeroTerminalSnr)
    {
        ModelSampling Of(string prediction) =>
            new ModelSamplingDiscrete
            {
                Model = Model,
                Sampling = prediction,
                Zsnr = zeroTerminalSnr,
            }
                .Execute(Context)
                .Sampling;
        var (distilled, full) = (Of("lcm"), Of("eps"));

        Assert.Equal(50, distilled.Sigmas.Count);
        Assert.All(
            Enumerable.Range(0, 50),
            index =>
            {
                Assert.Equal(full.Sigmas[(index * 20) + 19], distilled.Sigmas[index]);
                Assert.Equal((index * 20) + 19, distilled.Timestep(distilled.Sigmas[index]));
            }
        );
        Assert.Equal(distilled.Sigmas[30], (float)distilled.Sigma(619), 1e-4f * distilled.Sigmas[30]);
    }

    // https://arxiv.org/abs/2206.00364, table 1; v has the other sign.
    [Theory]
    [InlineData("edm", 0.5, 1)]
    [InlineData("edm_playground_v2.5", 0.5, 1)]
    [InlineData("v_prediction", 1, -1)]
    [InlineData("eps", 1, 0)]
    public void ContinuousEdm_EveryPrediction_FollowsItsFormula(string prediction, double data, int sign)
    {
        var model = new ModelSamplingContinuousEdm
        {
            Model = Model,
            Sampling = prediction,
            SigmaMin = 0.01,
            SigmaMax = 100,
        }.Execute(Context);
        const double Sigma = 3;
        var variance = (Sigma * Sigma) + (data * data);

        Check(
            model.Sampling,
            Sigma,
            X / Math.Sqrt(variance),
            sign == 0
                ? X - (Sigma * Output)
                : (X * data * data / variance) + (sign * Output * Sigma * data / Math.Sqrt(variance))
        );
        Assert.Equal(Math.Log(Sigma) / 4, model.Sampling.Timestep(Sigma), 1e-6);
        Assert.Equal((0.01, 100), (model.Sampling.SigmaMin, model.Sampling.SigmaMax), Near);
        Assert.Equal(1, model.Sampling.PercentToSigma(0.5), 1e-4);
        Assert.Equal(prediction == "edm_playground_v2.5", model.LatentFormat != LatentFormat.Sd15);
    }

    [Fact]
    public void ContinuousV_Time_IsTheAngle()
    {
        var sampling = new ModelSamplingContinuousV { Model = Model }
            .Execute(Context)
            .Sampling;

        Assert.Equal(0.5, sampling.Timestep(1), 1e-6);
        Assert.Equal(1, sampling.Sigma(0.5), 1e-5);
        Assert.Equal((0.03, 500), (sampling.SigmaMin, sampling.SigmaMax), Near);
        Check(sampling, 1, X / Math.Sqrt(2), (X / 2) - (Output / Math.Sqrt(2)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(1.73)]
    public void Flow_Shift_BendsTheTimes(double shift)
    {
        var sd3 = new ModelSamplingSd3 { Model = Model, Shift = shift }
            .Execute(Context)
            .Sampling;
        var aura = new ModelSamplingAuraFlow { Model = Model, Shift = shift }
            .Execute(Context)
            .Sampling;

        // https://arxiv.org/abs/2403.03206, equation 23.
        foreach (var time in new[] { 0.1, 0.5, 0.9 })
        {
            var shifted = shift * time / (1 + ((shift - 1) * time));
            Assert.Equal(shifted, sd3.Sigma(time * 1000), 1e-6);
            Assert.Equal(shifted, aura.Sigma(time), 1e-6);
            Assert.Equal(shifted, sd3.PercentToSigma(1 - time), 1e-6);
        }
        Assert.Equal(500, sd3.Timestep(0.5), 1e-3);
        Assert.Equal(0.5, aura.Timestep(0.5), 1e-6);
        Check(sd3, 0.6, X, X - (0.6 * Output));
    }

    private static bool Near((double, double) a, (double, double) b) =>
        Math.Abs(a.Item1 - b.Item1) < 1e-5 && Math.Abs(a.Item2 - b.Item2) < 1e-2;

    private static void Check(ModelSampling sampling, double sigma, double input, double denoised)
    {
        using var scope = new TensorScope();
        var level = Tensor.From([(float)sigma], 1);
        Tensor Like(double value) => Tensor.Full([1, 1, 1, 1], value);

        Assert.Equal(input, sampling.CalculateInput(Like(X), level).Item(), 1e-5);
        Assert.Equal(denoised, sampling.CalculateDenoised(Like(X), Like(Output), level).Item(), 1e-5);
    }
}
