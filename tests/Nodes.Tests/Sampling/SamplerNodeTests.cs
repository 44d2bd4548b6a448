using NodeHost.Diffusion.Sampling;
using NodeHost.Diffusion.Sampling.Parameterizations;
using NodeHost.Graph.Contracts;
using NodeHost.Nodes.CustomSampling;
using NodeHost.Tensors;
using NodeHost.Tests.Diffusion.Sampling;
using NodeHost.Tests.Shared;

namespace NodeHost.Tests.Nodes.Sampling;

/// <summary>
/// Samplers with settings, by what the settings make of them: their defaults are the samplers of KSampler's list (which the
/// golden cases hold), without noise they are a simpler sampler, with noise they follow the formula.
/// </summary>
[AssertNoLeakedTensors]
public sealed class SamplerNodeTests
{
    private static readonly float[] Sigmas = [14.6f, 8, 5, 3, 1.5f, 0.6f, 0.2f, 0];
    private static readonly DiscreteModelSampling Sampling = new(new EpsPrediction());
    private static readonly DiscreteFlowModelSampling Flow = new(3);
    private static readonly NodeContext Context = new();

    private static readonly Dictionary<string, INode<ISampler>> Defaults = new()
    {
        ["euler_ancestral"] = new SamplerEulerAncestral(),
        ["euler_ancestral_cfg_pp"] = new SamplerEulerAncestralCfgPlusPlus(),
        ["euler_cfg_pp"] = new SamplerEulerCfgPlusPlus(),
        ["dpmpp_2s_ancestral"] = new SamplerDpmPlusPlus2SAncestral(),
        ["dpmpp_sde"] = new SamplerDpmPlusPlusSde(),
        ["dpmpp_2m_sde"] = new SamplerDpmPlusPlus2MSde(),
        ["dpmpp_2m_sde_heun"] = new SamplerDpmPlusPlus2MSde { SolverType = "heun" },
        ["dpmpp_3m_sde"] = new SamplerDpmPlusPlus3MSde(),
        ["er_sde"] = new SamplerErSde(),
        ["lms"] = new SamplerLms(),
        ["dpm_adaptive"] = new SamplerDpmAdaptive(),
        ["lcm"] = new SamplerLcmUpscale(),
    };

    /// <summary>Settings that leave a simpler sampler, and its name.</summary>
    private static readonly Dictionary<string, (INode<ISampler> Node, string Simpler)> WithoutNoise = new()
    {
        ["SamplerEulerAncestral"] = (new SamplerEulerAncestral { Eta = 0 }, "euler"),
        ["SamplerEulerAncestralCFGPP"] = (new SamplerEulerAncestralCfgPlusPlus { Eta = 0 }, "euler_cfg_pp"),
        // Their second-order forms of the same equation: https://arxiv.org/abs/2211.01095, algorithms 1 and 2.
        ["SamplerDPMPP_2M_SDE"] = (new SamplerDpmPlusPlus2MSde { Eta = 0 }, "dpmpp_2m"),
        ["SamplerDPMPP_SDE"] = (new SamplerDpmPlusPlusSde { Eta = 0 }, "dpmpp_2s_ancestral without noise"),
        ["SamplerER_SDE"] = (new SamplerErSde { SolverType = "ODE", MaxStage = 1 }, "euler"),
        ["SamplerER_SDE, no eta"] = (
            new SamplerErSde
            {
                SolverType = "Reverse-time SDE",
                MaxStage = 1,
                Eta = 0,
            },
            "euler"
        ),
        ["SamplerLMS"] = (new SamplerLms { Order = 1 }, "euler"),
        ["SamplerSASolver"] = (SaSolver(eta: 0, predictor: 1, corrector: 0), "euler"),
    };

    public static TheoryData<string> NamesOfDefaults => [.. Defaults.Keys];

    public static TheoryData<string> NamesWithoutNoise => [.. WithoutNoise.Keys];

    [Theory]
    [MemberData(nameof(NamesOfDefaults))]
    public void Execute_Defaults_AreTheSamplerOfTheList(string name)
    {
        using var scope = new TensorScope();
        foreach (var sampling in new ModelSampling[] { Sampling, Flow })
        {
            var expected = Sample(SamplerCatalogue.Get(name), sampling);

            Assert.True(expected.IsEqualTo(Sample(Defaults[name].Execute(Context), sampling)), $"{sampling}");
        }
    }

    [Theory]
    [MemberData(nameof(NamesWithoutNoise))]
    public void Execute_WithoutNoise_IsASimplerSampler(string name)
    {
        using var scope = new TensorScope();
        var (node, simpler) = WithoutNoise[name];
        var other = simpler.EndsWith("without noise", StringComparison.Ordinal)
            ? new SamplerDpmPlusPlus2SAncestral { Eta = 0 }.Execute(Context)
            : SamplerCatalogue.Get(simpler);

        Assert.True(GoldenSampling.Difference(Sample(other, Sampling), Sample(node.Execute(Context), Sampling)) < 2e-5);
    }

    [Theory]
    [InlineData(1.0, 0.0)]
    [InlineData(0.5, 0.0)]
    [InlineData(0.5, 0.7)]
    public void Execute_EulerAncestral_StepsBelowAndAddsNoise(double eta, double noiseScale)
    {
        using var scope = new TensorScope();
        var sampler = new SamplerEulerAncestral { Eta = eta, SNoise = noiseScale }.Execute(Context);

        var actual = Sample(sampler, Sampling);

        // With the very noise: a generator of its own from the run's seed, drawn once a step.
        using var generator = new Generator(Seed);
        var denoiser = new AnalyticDenoiser(Sampling, 3);
        var x = Start();
        for (var step = 0; step < Sigmas.Length - 1; step++)
        {
            var (sigma, next) = ((double)Sigmas[step], (double)Sigmas[step + 1]);
            var denoised = denoiser.Denoise(x, Sigmas[step]);
            var up = Math.Min(next, eta * Math.Sqrt(next * next * ((sigma * sigma) - (next * next)) / (sigma * sigma)));
            var down = Math.Sqrt((next * next) - (up * up));
            x += (x - denoised) * ((down - sigma) / sigma);
            if (next > 0)
            {
                x += Tensor.Randn([1, 4, 6, 6], generator) * (noiseScale * up);
            }
        }
        Assert.True(GoldenSampling.Difference(x, actual) < 1e-5);
    }

    /// <summary>Higher orders come nearer to the solution of the equation, which very small steps of Euler give.</summary>
    [Theory]
    [InlineData("ER-SDE")]
    [InlineData("LMS")]
    [InlineData("SA-Solver")]
    [InlineData("SA-Solver, simple")]
    [InlineData("SA-Solver, twice")]
    public void Execute_HigherOrder_ComesNearerToTheSolution(string kind)
    {
        using var scope = new TensorScope();
        float[] fine =
        [
            .. Enumerable.Range(0, 4001).Select(step => 14.6f * MathF.Exp(MathF.Log(0.2f / 14.6f) * step / 4000)),
        ];
        float[] coarse = [.. Enumerable.Range(0, 13).Select(step => fine[step * 4000 / 12])];
        var solution = Sample(SamplerCatalogue.Get("euler"), Sampling, fine);
        double Error(INode<ISampler> node) =>
            GoldenSampling.Difference(solution, Sample(node.Execute(Context), Sampling, coarse));
        (INode<ISampler> Low, INode<ISampler> High) pair = kind switch
        {
            "ER-SDE" => (ErOde(1), ErOde(3)),
            "LMS" => (new SamplerLms { Order = 1 }, new SamplerLms { Order = 3 }),
            "SA-Solver" => (SaSolver(0, 1, 0), SaSolver(0, 3, 4)),
            "SA-Solver, simple" => (SaSolver(0, 1, 0), SaSolver(0, 2, 2, simple: true)),
            _ => (SaSolver(0, 1, 0), SaSolver(0, 3, 4, twice: true)),
        };

        var (low, high) = (Error(pair.Low), Error(pair.High));

        Assert.True(high < low / 3, $"first order is {low} off, the higher one {high}");
    }

    [Fact]
    public void Execute_SaSolver_AddsNoiseInItsPartOfTheRunAlone()
    {
        using var scope = new TensorScope();
        var none = Sample(SaSolver(1, 3, 4, start: 0.99, end: 1).Execute(Context), Sampling, Sigmas[..4]);
        var quiet = Sample(SaSolver(0, 3, 4).Execute(Context), Sampling, Sigmas[..4]);
        var noisy = Sample(SaSolver(1, 3, 4, start: 0, end: 1).Execute(Context), Sampling, Sigmas[..4]);

        Assert.True(none.IsEqualTo(quiet));
        Assert.True(GoldenSampling.Difference(quiet, noisy) > 0.05);
    }

    [Fact]
    public void Execute_DpmAdaptive_TighterToleranceComesNearer()
    {
        using var scope = new TensorScope();
        float[] fine =
        [
            .. Enumerable.Range(0, 4001).Select(step => 14.6f * MathF.Exp(MathF.Log(0.2f / 14.6f) * step / 4000)),
        ];
        var solution = Sample(SamplerCatalogue.Get("euler"), Sampling, fine);
        double Error(double relative, double absolute) =>
            GoldenSampling.Difference(
                solution,
                Sample(
                    new SamplerDpmAdaptive { Rtol = relative, Atol = absolute }.Execute(Context),
                    Sampling,
                    [14.6f, 0.2f]
                )
            );

        var (loose, tight) = (Error(0.5, 0.5), Error(0.001, 0.001));

        Assert.True(tight < loose / 3 && tight < 5e-3, $"loose is {loose} off, tight {tight}");
    }

    [Fact]
    public void Execute_DpmAdaptiveThatCannotMove_IsAnErrorNotAHang()
    {
        SamplerDpmAdaptive[] nodes = [new() { HInit = 0 }, new() { Rtol = 0, Atol = 0 }, new() { AcceptSafety = 100 }];
        foreach (var node in nodes)
        {
            using var scope = new TensorScope();

            var error = Assert.Throws<InvalidOperationException>(() => Sample(node.Execute(Context), Sampling));

            Assert.Contains("Choose larger tolerances", error.Message);
        }
    }

    private const ulong Seed = 5;

    private static SamplerErSde ErOde(int stages) => new() { SolverType = "ODE", MaxStage = stages };

    private static SamplerSaSolver SaSolver(
        double eta,
        int predictor,
        int corrector,
        bool simple = false,
        bool twice = false,
        double start = 0.2,
        double end = 0.8
    ) =>
        new()
        {
            Model = new()
            {
                Source = new FakeNetwork(),
                Sampling = Sampling,
                LatentFormat = NodeHost.Diffusion.Models.LatentFormat.Sd15,
            },
            Eta = eta,
            SdeStartPercent = start,
            SdeEndPercent = end,
            PredictorOrder = predictor,
            CorrectorOrder = corrector,
            UsePece = twice,
            SimpleOrder2 = simple,
        };

    private static Tensor Start()
    {
        using var generator = new Generator(3);
        return Tensor.Randn([1, 4, 6, 6], generator) * 14.6;
    }

    private static Tensor Sample(ISampler sampler, ModelSampling sampling, float[]? sigmas = null)
    {
        // Flow ends at 1, as its noise levels do.
        var levels = sigmas ?? (sampling.IsFlow ? [.. Sigmas.Select(sigma => sigma / 14.6f * 0.999f)] : Sigmas);
        return sampler.Sample(new SamplerRun(new AnalyticDenoiser(sampling, 3), Start(), levels, Seed));
    }
}
