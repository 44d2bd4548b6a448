using NodeHost.Diffusion.Conditions;
using NodeHost.Diffusion.Models;
using NodeHost.Diffusion.Sampling;
using NodeHost.Diffusion.Sampling.Guidance;
using NodeHost.Diffusion.Sampling.Noise;
using NodeHost.Diffusion.Sampling.Parameterizations;
using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Conditions;
using NodeHost.Nodes.CustomSampling;
using NodeHost.Nodes.ModelAdvanced;
using NodeHost.Nodes.Values;
using NodeHost.Tensors;
using NodeHost.Tests.Diffusion.Sampling;

namespace NodeHost.Tests.Nodes.Conditions;

/// <summary>Where prompts apply, seen from a network that remembers what it was shown; and masks and guiders by hand.</summary>
[AssertNoLeakedTensors]
public sealed class ConditioningNodeTests
{
    private static readonly NodeContext Context = new();
    private static readonly DiscreteModelSampling Sampling = new(new EpsPrediction());

    [Theory]
    // Of a latent of 20 x 30: rounded to even at the half, at least 1.
    [InlineData(0.5, 0.25, 0.125, 0.1, 10, 8, 2, 3)]
    [InlineData(0.01, 1, 0, 0, 1, 30, 0, 0)]
    [InlineData(1, 0.5, 0, 0.75, 20, 8, 0, 22)] // cut at the edge
    public void SetAreaPercentage_Fractions_AreThoseOfTheLatent(
        double height,
        double width,
        double y,
        double x,
        long expectedHeight,
        long expectedWidth,
        long top,
        long left
    )
    {
        using var scope = new TensorScope();
        var network = new FakeNetwork();
        var part = new ConditioningSetAreaPercentage
        {
            Conditioning = Text(0.125f),
            Height = height,
            Width = width,
            Y = y,
            X = x,
            Strength = 0.8,
        }.Execute(Context);

        var result = OneStep(network, new Conditioning([.. Text(0.5f).Entries, .. part.Entries]));

        Assert.Contains(network.Latents, shape => shape[2] == expectedHeight && shape[3] == expectedWidth);
        // Outside the area there is the other prompt alone.
        var alone = OneStep(new FakeNetwork(), Text(0.5f));
        for (var row = 0; row < 20; row++)
        {
            for (var column = 0; column < 30; column++)
            {
                var isInside =
                    row >= top && row < top + expectedHeight && column >= left && column < left + expectedWidth;
                Assert.Equal(isInside, result[(row * 30) + column] != alone[(row * 30) + column]);
            }
        }
    }

    [Theory]
    [InlineData(512, 0)]
    [InlineData(0, 4096)]
    public void SetArea_OutsideTheLatent_IsRefusedWithBothSizes(int x, int y)
    {
        using var scope = new TensorScope();
        var part = new ConditioningSetArea
        {
            Conditioning = Text(0.125f),
            Width = 64,
            Height = 64,
            X = x,
            Y = y,
        }.Execute(Context);
        var both = new Conditioning([.. Text(0.5f).Entries, .. part.Entries]);

        var error = Assert.Throws<ArgumentException>(() => OneStep(new FakeNetwork(), both));

        Assert.Contains($"x = {x}, y = {y} lies outside the picture of 240x160", error.Message);
    }

    [Fact]
    public void SetMask_Bounds_ShowTheNetworkTheBoxOfTheMask()
    {
        using var scope = new TensorScope();
        var network = new FakeNetwork();
        var mask = Tensor.Zeros([1, 20, 30]);
        mask.Slice(1, 4, 15).Slice(2, 7, 9).Assign(Tensor.Ones([1, 11, 2]));
        Conditioning Masked(string area) =>
            new ConditioningSetMask
            {
                Conditioning = Text(0.125f),
                Mask = new Mask(mask),
                SetCondArea = area,
                Strength = 0.5,
            }.Execute(Context);

        var boxed = OneStep(network, new Conditioning([.. Text(0.5f).Entries, .. Masked("mask bounds").Entries]));
        var whole = OneStep(new FakeNetwork(), new Conditioning([.. Text(0.5f).Entries, .. Masked("default").Entries]));

        // 11 rows from 4 on, and 2 columns from 7 on, which become 8.
        Assert.Contains(network.Latents, shape => shape is [_, _, 11, 8]);
        // What lies in the mask: (0.5 + 0.5 * 0.125) / 1.5 of the prompts' predictions.
        var (a, b) = (OneStep(new FakeNetwork(), Text(0.5f)), OneStep(new FakeNetwork(), Text(0.125f)));
        var inside = (10 * 30) + 8;
        Assert.Equal((a[inside] + (0.5f * b[inside])) / 1.5f, whole[inside], 1e-5f);
        Assert.Equal(a[0], whole[0]);
        Assert.Equal(a[0], boxed[0]);
    }

    [Fact]
    public void SetAreaStrength_Weights_AreThoseOfTheMean()
    {
        using var scope = new TensorScope();
        Conditioning Strong(float text, double strength) =>
            new ConditioningSetAreaStrength { Conditioning = Text(text), Strength = strength }.Execute(Context);
        var both = new ConditioningCombine
        {
            Conditioning1 = Strong(0.5f, 3),
            Conditioning2 = Strong(0.125f, 1),
        }.Execute(Context);

        var expected = OneStep(new FakeNetwork(), Text(((3 * 0.5f) + 0.125f) / 4));
        Assert.All(
            expected.Zip(OneStep(new FakeNetwork(), both)),
            pair => Assert.Equal(pair.First, pair.Second, 1e-5f)
        );
    }

    [Fact]
    public void ZeroOut_TextAndPooled_AreZeroAndTheRestStays()
    {
        using var scope = new TensorScope();
        var entry = Text(0.5f).Entries[0] with { Pooled = Tensor.Ones([1, 3]), Guidance = 2 };

        var zero = new ConditioningZeroOut { Conditioning = new Conditioning([entry]) }
            .Execute(Context)
            .Entries[0];

        Assert.Equal(entry.Context.Shape.ToArray(), zero.Context.Shape.ToArray());
        Assert.Equal(0, zero.Context.Abs().Max().Item());
        Assert.Equal(0, zero.Pooled!.Abs().Max().Item());
        Assert.Equal(2, zero.Guidance);
        Assert.Equal(1, entry.Pooled.Max().Item());
    }

    [Theory]
    [InlineData("regular")]
    [InlineData("nested")]
    public void DualCfgGuider_Styles_FollowTheirFormulas(string style)
    {
        using var scope = new TensorScope();
        const double Conds = 3;
        const double Negative = 2;
        var guider = new DualCfgGuiderNode
        {
            Model = Model(new FakeNetwork()),
            Cond1 = Text(0.5f),
            Cond2 = Text(0.25f),
            Negative = Text(0.125f),
            CfgConds = Conds,
            CfgCond2Negative = Negative,
            Style = style,
        }.Execute(Context);

        var actual = OneStep(guider);

        var (first, second, negative) = (Only(0.5f), Only(0.25f), Only(0.125f));
        for (var index = 0; index < actual.Length; index++)
        {
            var (a, b, c) = (first[index], second[index], negative[index]);
            // Two negatives (https://arxiv.org/abs/2211.09800, equation 3): of the second prompt, then of the first.
            var expected =
                style == "regular"
                    ? c + (Negative * (b - c)) + (Conds * (a - b))
                    : c + (Negative * (b + (Conds * (a - b)) - c));
            Assert.Equal(expected, actual[index], 1e-4);
        }

        static float[] Only(float text) => OneStep(new FakeNetwork(), Text(text));
    }

    [Theory]
    [InlineData(1.0)]
    [InlineData(0.25)]
    [InlineData(0.0)]
    public void DifferentialDiffusion_Mask_IsCutAtTheTimeLeft(double strength)
    {
        using var scope = new TensorScope();
        var hook = new DifferentialDiffusion { Model = Model(new FakeNetwork()), Strength = strength }
            .Execute(Context)
            .MaskHook!;
        float[] sigmas = [Sampling.Sigmas[900], Sampling.Sigmas[500], Sampling.Sigmas[100], 0];
        var mask = Tensor.From([0f, 0.25f, 0.5f, 0.75f, 1f], 1, 1, 1, 5);

        // The time left, of the run's: from the first level's down to the model's last.
        foreach (var (sigma, left) in new[] { (sigmas[0], 1.0), (sigmas[1], 500 / 900.0), (sigmas[2], 100 / 900.0) })
        {
            var actual = hook.Apply(mask, sigma, sigmas, Sampling).ToArray<float>();

            var share = strength == 0 ? 1 : strength; // 0 counts as not given
            float[] expected =
            [
                .. mask.ToArray<float>()
                    .Select(value => (float)((share * (value >= left ? 1 : 0)) + ((1 - share) * value))),
            ];
            Assert.Equal(expected, actual);
        }
    }

    private static float[] OneStep(FakeNetwork network, Conditioning positive) =>
        OneStep(new BasicGuider(Model(network), positive));

    /// <summary>A step to 0, whose result is the prediction.</summary>
    private static float[] OneStep(IGuider guider) =>
        new SamplingRequest
        {
            Guider = guider,
            Sampler = SamplerCatalogue.Get("euler"),
            Sigmas = [Sampling.Sigmas[700], 0],
            Noise = InitialNoise.Prepare([1, 4, 20, 30], 7),
            Latent = Tensor.Zeros([1, 4, 20, 30]),
            Seed = 7,
        }
            .Run()
            .Latent.ToArray<float>();

    private static DiffusionModel Model(FakeNetwork network) =>
        new()
        {
            Source = network,
            Sampling = Sampling,
            LatentFormat = LatentFormat.Sd15,
        };

    private static Conditioning Text(float value) =>
        new([new ConditioningEntry { Context = Tensor.Full([1, 4, 8], (double)value) }]);
}
