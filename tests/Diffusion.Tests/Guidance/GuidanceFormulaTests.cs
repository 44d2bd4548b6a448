using NodeHost.Diffusion.Attention;
using NodeHost.Diffusion.Guidance;
using NodeHost.Diffusion.Latents;
using NodeHost.Diffusion.Models;
using NodeHost.Diffusion.Sampling;
using NodeHost.Diffusion.Sampling.Guidance;
using static NodeHost.Tests.Diffusion.Guidance.GuidanceCase;

namespace NodeHost.Tests.Diffusion.Guidance;

/// <summary>Each published guidance against its formula, written out over single numbers.</summary>
[AssertNoLeakedTensors]
public sealed class GuidanceFormulaTests
{
    private const double Scale = 3;

    private static double[] Cfg(double[] p, double[] n) => Mix(p, n, (a, b) => b + ((a - b) * Scale));

    private static DiffusionModel Post(DiffusionModel model, IGuidanceHook hook) =>
        model with
        {
            GuidanceHooks = [.. model.GuidanceHooks, hook],
        };

    private static DiffusionModel Pre(DiffusionModel model, IPredictionHook hook) =>
        model with
        {
            PredictionHooks = [.. model.PredictionHooks, hook],
        };

    [Fact]
    public void EpsilonScaling_Factor_DividesTheNoise()
    {
        using var test = new GuidanceCase();

        var actual = test.Guide(model => Post(model, new EpsilonScaling(1.25)), Scale);

        var expected = test.Formula(
            (x, p, n, _) =>
            {
                // Epsilon = (x - denoised) / sigma.
                var epsilon = Mix(x, Cfg(p, n), (noisy, denoised) => (noisy - denoised) / Sigma / 1.25);
                return Mix(x, epsilon, (noisy, noise) => noisy - (Sigma * noise));
            }
        );
        AssertClose(expected, actual);
    }

    [Fact]
    public void ZeroStarGuidance_Velocities_StartFromTheScaledNegative()
    {
        using var test = new GuidanceCase();

        var actual = test.Guide(model => Post(model, new ZeroStarGuidance()), Scale);

        var expected = test.Formula(
            (x, p, n, _) =>
            {
                var positive = Mix(x, p, (a, b) => (a - b) / Sigma);
                var negative = Mix(x, n, (a, b) => (a - b) / Sigma);
                var star = Dot(positive, negative) / Dot(negative, negative);
                var velocity = Mix(positive, negative, (a, b) => (star * b) + (Scale * (a - (star * b))));
                return Mix(x, velocity, (a, b) => a - (Sigma * b));
            }
        );
        AssertClose(expected, actual);
    }

    [Fact]
    public void NormLimit_LongerVectors_AreBroughtToThePositiveLength()
    {
        using var test = new GuidanceCase();

        var actual = test.Guide(model => Post(model, new NormLimit(0.9)), Scale);

        var expected = test.Formula(
            (_, p, n, _) =>
            {
                var guided = Cfg(p, n);
                const int Places = Height * Width;
                for (var place = 0; place < Places; place++)
                {
                    double Length(double[] values) =>
                        Math.Sqrt(Enumerable.Range(0, Channels).Sum(c => Math.Pow(values[(c * Places) + place], 2)));
                    var factor = Math.Min(1, Length(p) / Length(guided)) * 0.9;
                    for (var channel = 0; channel < Channels; channel++)
                    {
                        guided[(channel * Places) + place] *= factor;
                    }
                }
                return guided;
            }
        );
        AssertClose(expected, actual);
    }

    [Theory]
    [InlineData(1.0)]
    [InlineData(1.5)]
    [InlineData(50.0)]
    public void RenormalizedGuidance_LongVelocity_IsCut(double largest)
    {
        using var test = new GuidanceCase();

        var actual = test.Guide(model => model with { GuidanceRule = new RenormalizedGuidance(100, largest) }, Scale);

        var expected = test.Formula(
            (x, p, n, _) =>
            {
                var positive = Mix(x, p, (a, b) => a - b);
                var guided = Mix(x, Cfg(p, n), (a, b) => a - b);
                var (limit, length) = (Math.Sqrt(Dot(positive, positive)) * largest, Math.Sqrt(Dot(guided, guided)));
                var factor = length >= limit ? limit / length : 1;
                return Mix(x, guided, (a, b) => a - (b * factor));
            }
        );
        AssertClose(expected, actual);
    }

    [Fact]
    public void RenormalizedGuidance_AboveTruncation_IsThePositivePrediction()
    {
        using var test = new GuidanceCase();

        var actual = test.Guide(model => model with { GuidanceRule = new RenormalizedGuidance(Sigma, 1) }, Scale);

        Assert.Equal(test.Positive.ToArray<float>(), actual);
    }

    [Fact]
    public void DirectionalGuidance_Likeness_SharesBetweenGuidedAndPositive()
    {
        using var test = new GuidanceCase();

        var actual = test.Guide(model => Post(model, new DirectionalGuidance()), Scale);

        // The likeness is a mean over the whole batch.
        var (likeness, count) = (0.0, 0);
        test.Formula(
            (_, p, n, _) =>
            {
                var middle = Mix(p, Cfg(p, n), (a, g) => SignedRoot(((a * Scale) + g) / 2));
                double[] retreat = [.. n.Select(value => SignedRoot(value * Scale))];
                const int Places = Height * Width;
                for (var place = 0; place < Places; place++)
                {
                    double[] At(double[] values) =>
                        [.. Enumerable.Range(0, Channels).Select(c => values[(c * Places) + place])];
                    var (a, b) = (At(middle), At(retreat));
                    likeness += Dot(a, b) / Math.Sqrt(Dot(a, a) * Dot(b, b));
                    count++;
                }
                return p;
            }
        );
        var share = 2 * ((likeness / count) + 1);
        var expected = test.Formula(
            (_, p, n, _) => Mix(p, Cfg(p, n), (a, g) => ((share * g) + ((4 - share) * a * Scale)) / 4)
        );
        AssertClose(expected, actual);
    }

    private static double SignedRoot(double value) => Math.Sign(value) * Math.Sqrt(Math.Abs(value));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(20)]
    public void FrequencyScaling_Difference_IsScaledInItsSpectrum(int cutoff)
    {
        using var test = new GuidanceCase();

        var actual = test.Guide(model => Pre(model, new FrequencyScaling(0.75, 1.5, cutoff)), Scale);

        var expected = test.Formula(
            (_, p, n, _) =>
            {
                var difference = Mix(p, n, (a, b) => a - b);
                var filtered = NaiveSpectrum.Scale(
                    difference,
                    Channels,
                    Height,
                    Width,
                    0.75,
                    1.5,
                    Math.Min(cutoff, Width / 2)
                );
                return Mix(n, filtered, (a, b) => a + (b * Scale));
            }
        );
        AssertClose(expected, actual);
    }

    [Fact]
    public void TangentialDamping_NegativeScore_KeepsItsPartAlongTheFirstSingularVector()
    {
        using var test = new GuidanceCase();

        var actual = test.Guide(model => Pre(model, new TangentialDamping()), Scale);

        var expected = test.Formula(
            (x, p, n, _) =>
            {
                var (positive, negative) = (Mix(x, p, (a, b) => a - b), Mix(x, n, (a, b) => a - b));
                // Power iteration on the 2-row matrix.
                var vector = Mix(positive, negative, (a, b) => a + (0.3 * b));
                for (var round = 0; round < 2000; round++)
                {
                    var (toPositive, toNegative) = (Dot(positive, vector), Dot(negative, vector));
                    vector = Mix(positive, negative, (a, b) => (a * toPositive) + (b * toNegative));
                    var length = Math.Sqrt(Dot(vector, vector));
                    vector = [.. vector.Select(value => value / length)];
                }
                var along = Dot(negative, vector);
                var damped = Mix(x, vector, (a, b) => a - (along * b));
                return Cfg(p, damped);
            }
        );
        AssertClose(expected, actual);
    }

    [Theory]
    [InlineData(0.5, 0.0, 0.0)]
    [InlineData(0.0, 4.0, 0.0)]
    [InlineData(1.0, 1000.0, 0.0)]
    [InlineData(0.25, 6.0, -0.5)]
    public void ProjectedGuidance_TwoSteps_FollowTheAlgorithm(double eta, double threshold, double momentum)
    {
        using var test = new GuidanceCase();
        var hook = new ProjectedGuidance(eta, threshold, momentum);
        var first = test.Formula((_, p, n, _) => Mix(p, n, (a, b) => a - b));

        test.Guide(model => Pre(model, hook), Scale);
        test.Renew();
        var actual = test.Guide(model => Pre(model, hook), Scale);

        var sample = 0;
        var expected = test.Formula(
            (_, p, n, _) =>
            {
                double[] before =
                [
                    .. first.Skip(sample++ * SampleSize).Take(SampleSize).Select(value => (double)value),
                ];
                var delta = Mix(Mix(p, n, (a, b) => a - b), before, (now, then) => now + (momentum * then));
                var length = Math.Sqrt(Dot(delta, delta));
                if (threshold > 0)
                {
                    delta = [.. delta.Select(value => value * Math.Min(1, threshold / length))];
                }
                var share = Dot(delta, p) / Dot(p, p);
                var parallel = p.Select(value => value * share).ToArray();
                var update = Mix(delta, parallel, (all, along) => all - along + (eta * along));
                return Mix(p, update, (a, b) => a + ((Scale - 1) * b));
            }
        );
        AssertClose(expected, actual);
    }

    [Fact]
    public void PerpendicularNegative_AsRule_TakesAwayWhatIsPerpendicular()
    {
        using var test = new GuidanceCase();

        var actual = test.Guide(
            model => model with { GuidanceRule = new PerpendicularNegativeRule(Empty, 0.7) },
            Scale
        );

        Assert.Same(Empty, Assert.Single(test.Requests).Conditioning);
        AssertClose(test.Formula(PerpendicularNegative), actual);
    }

    [Fact]
    public void PerpendicularNegative_AsGuider_TakesAwayWhatIsPerpendicular()
    {
        using var test = new GuidanceCase();
        var model = Model();

        var guider = new PerpendicularNegativeGuider(model, Empty, Empty, Empty, 0.7, Scale);
        var actual = guider.Guide(test.Call(model));

        AssertClose(test.Formula(PerpendicularNegative), actual.Guided.ToArray<float>());
        Assert.Same(test.Extra, actual.Negative);
    }

    private static double[] PerpendicularNegative(double[] x, double[] p, double[] n, double[] empty)
    {
        var (towards, away) = (Mix(p, empty, (a, b) => a - b), Mix(n, empty, (a, b) => a - b));
        var share = Dot(away, towards) / Dot(towards, towards);
        var perpendicular = Mix(away, towards, (a, b) => a - (share * b));
        var update = Mix(towards, perpendicular, (a, b) => a - (0.7 * b));
        return Mix(empty, update, (a, b) => a + (Scale * b));
    }

    [Fact]
    public void PerturbedAttention_TokensThatSeeThemselvesOnly_AreMovedAwayFrom()
    {
        using var test = new GuidanceCase();

        var actual = test.Guide(model => Post(model, new PerturbedAttentionGuidance(1.5)), Scale);

        AssertClose(
            test.Formula(
                (_, p, n, perturbed) => Mix(Cfg(p, n), Mix(p, perturbed, (a, b) => 1.5 * (a - b)), (a, b) => a + b)
            ),
            actual
        );
        // The paper's identity for attention's map: out come the values that went in, in the middle block alone.
        var request = Assert.Single(test.Requests);
        Assert.False(request.OfNegative);
        var (value, mixed) = (test.X, test.Negative);
        NodeHost.Tensors.Tensor Asked(string block, string layer) =>
            request.Attention!.Apply(
                new AttentionOutput(
                    new AttentionSite(block, 0, 1, layer),
                    mixed,
                    Range.All,
                    new ForwardStep { Sigma = 2 },
                    new AttentionInputs(mixed, mixed, value, 2)
                )
            );
        Assert.Same(value, Asked("middle", "attn1"));
        Assert.Same(mixed, Asked("middle", "attn2"));
        Assert.Same(mixed, Asked("input", "attn1"));
    }

    [Fact]
    public void GuidanceOperation_Operation_SeesTheDifference()
    {
        using var test = new GuidanceCase();

        var actual = test.Guide(model => Pre(model, new GuidanceOperation(new Doubling())), Scale);

        AssertClose(test.Formula((_, p, n, _) => Mix(p, n, (a, b) => b + ((a - b) * 2 * Scale))), actual);
    }

    [Fact]
    public void Guide_AllStages_RunBeforeInsteadAndBehind()
    {
        using var test = new GuidanceCase();

        // Order of nodes does not matter between the stages.
        var actual = test.Guide(
            model =>
                Pre(
                    Post(model, new EpsilonScaling(2)) with
                    {
                        GuidanceRule = new RenormalizedGuidance(Sigma, 0),
                    },
                    new GuidanceOperation(new Doubling())
                ),
            Scale
        );

        AssertClose(
            test.Formula((x, p, n, _) => Mix(x, Mix(p, n, (a, b) => b + ((a - b) * 2)), (a, b) => a - ((a - b) / 2))),
            actual
        );
    }

    [Fact]
    public void Hooks_NoNegativePrediction_LeaveThePositiveOne()
    {
        using var test = new GuidanceCase();
        IPredictionHook[] before =
        [
            new ProjectedGuidance(0, 1, -0.5),
            new TangentialDamping(),
            new FrequencyScaling(0, 2, 1),
        ];
        IGuidanceHook[] behind = [new ZeroStarGuidance(), new DirectionalGuidance(), new SelfAttentionGuidance(0, 1)];
        var model = Model() with
        {
            PredictionHooks = before,
            GuidanceRule = new PerpendicularNegativeRule(Empty, 1),
            GuidanceHooks = behind,
        };

        var guided = new BasicGuider(model, Empty).Guide(test.Call(model)).Guided;

        Assert.Same(test.Positive, guided);
    }

    [Fact]
    public void Hooks_NeutralSettings_ChangeNoBit()
    {
        using var test = new GuidanceCase();
        var plain = test.Guide(model => model, Scale);

        var neutral = test.Guide(
            model =>
                model with
                {
                    PredictionHooks = [new ProjectedGuidance(1, 0, 0), new FrequencyScaling(1, 1, 5)],
                    GuidanceRule = new RenormalizedGuidance(100, 0),
                    GuidanceHooks =
                    [
                        new EpsilonScaling(1),
                        new SelfAttentionGuidance(0, 2),
                        new SkipLayerGuidance(SkippedLayers.Parse("1", "1"), 0, 0, 1),
                    ],
                },
            Scale
        );

        Assert.Equal(plain, neutral);
    }

    private sealed class Doubling : ILatentOperation
    {
        public NodeHost.Tensors.Tensor Apply(NodeHost.Tensors.Tensor latent) => latent * 2;
    }
}
