using NodeHost.Diffusion.Conditions;
using NodeHost.Diffusion.Models;
using NodeHost.Diffusion.Sampling;
using NodeHost.Diffusion.Sampling.Guidance;
using NodeHost.Diffusion.Sampling.Parameterizations;
using NodeHost.Tensors;

namespace NodeHost.Tests.Diffusion.Conditions;

[AssertNoLeakedTensors]
public sealed class SizeConditioningTests
{
    private const int Width = 256;
    private static readonly float[] Text = [0.5f, -1.5f];

    private static readonly PictureSizes Given = new()
    {
        Width = 1216,
        Height = 832,
        CropWidth = 7,
        CropHeight = 11,
        TargetWidth = 1024,
        TargetHeight = 768,
    };

    [Fact]
    public void Base_NoSizesGiven_TakesThoseOfThePicture() =>
        Check(SizeConditioning.SdxlBase, null, isNegative: false, 640, 896, 0, 0, 640, 896);

    [Fact]
    public void Base_SizesGiven_PutsHeightsBeforeWidths() =>
        Check(SizeConditioning.SdxlBase, Given, isNegative: false, 832, 1216, 11, 7, 768, 1024);

    [Fact]
    public void Base_NoTarget_IsTheSizeGiven() =>
        Check(
            SizeConditioning.SdxlBase,
            Given with
            {
                TargetWidth = null,
                TargetHeight = null,
            },
            isNegative: true,
            832,
            1216,
            11,
            7,
            832,
            1216
        );

    [Theory]
    [InlineData(false, 6)]
    [InlineData(true, 2.5)]
    public void Refiner_NoScoreGiven_LikesThePositiveMore(bool isNegative, double score) =>
        Check(SizeConditioning.SdxlRefiner, null, isNegative, 640, 896, 0, 0, score);

    [Fact]
    public void Refiner_ScoreGiven_TakesIt() =>
        Check(
            SizeConditioning.SdxlRefiner,
            new PictureSizes
            {
                Width = 8,
                Height = 16,
                AestheticScore = 4.25,
            },
            isNegative: true,
            16,
            8,
            0,
            0,
            4.25
        );

    [Fact]
    public void Vector_NoPooledText_SaysWhereItComesFrom()
    {
        using var scope = new TensorScope();
        var entry = new ConditioningEntry { Context = Tensor.Zeros([1, 1, 4]) };

        var error = Assert.Throws<ArgumentException>(() =>
            SizeConditioning.SdxlBase.Vector(entry, 8, 8, false, Device.Cpu)
        );

        Assert.Contains("CLIP-G", error.Message);
    }

    [Fact]
    public void Run_GuidedRefiner_GivesEachSlotItsOwnScore()
    {
        using var scope = new TensorScope();
        var network = new VectorNetwork();
        var model = new DiffusionModel
        {
            Source = network,
            Sampling = new DiscreteModelSampling(new EpsPrediction()),
            LatentFormat = LatentFormat.Sdxl,
            Sizes = SizeConditioning.SdxlRefiner,
        };
        var text = new Conditioning([Entry(null)]);

        new SamplingRequest
        {
            Guider = new CfgGuider(model, text, text, 3),
            Sampler = SamplerCatalogue.Get("euler"),
            Sigmas = [5, 0],
            Noise = Tensor.Ones([1, 4, 12, 20]),
            Latent = Tensor.Zeros([1, 4, 12, 20]),
            Seed = 1,
        }.Run();

        var rows = network.Vectors.Single();
        Assert.Equal(Expected([96, 160, 0, 0, 2.5]), rows[0], Close);
        Assert.Equal(Expected([96, 160, 0, 0, 6]), rows[1], Close);
    }

    private static ConditioningEntry Entry(PictureSizes? sizes) =>
        new()
        {
            Context = Tensor.Zeros([1, 1, 4]),
            Pooled = Tensor.From(Text, 1, Text.Length),
            Sizes = sizes,
        };

    private static void Check(
        SizeConditioning conditioning,
        PictureSizes? sizes,
        bool isNegative,
        params double[] numbers
    )
    {
        using var scope = new TensorScope();

        var vector = conditioning.Vector(Entry(sizes), height: 640, width: 896, isNegative, Device.Cpu);

        Assert.Equal([1, Text.Length + (numbers.Length * Width)], vector.Shape.ToArray());
        Assert.Equal(Expected(numbers), vector.ToArray<float>(), Close);
    }

    private static float[] Expected(double[] numbers)
    {
        var expected = new List<float>(Text);
        foreach (var number in numbers)
        {
            var angles = Enumerable
                .Range(0, Width / 2)
                .Select(index => number * Math.Exp(-Math.Log(10000) * index / (Width / 2)));
            expected.AddRange(angles.Select(angle => (float)Math.Cos(angle)));
            expected.AddRange(angles.Select(angle => (float)Math.Sin(angle)));
        }
        return [.. expected];
    }

    // Angles of a thousand radians carry float32's rounding.
    private static bool Close(float expected, float actual) => Math.Abs(expected - actual) < 2e-4;

    /// <summary>Remembers the vectors of each call.</summary>
    private sealed class VectorNetwork : IDiffusionNetwork, INetworkSource
    {
        public List<float[][]> Vectors { get; } = [];

        public int LatentChannels => 4;

        public int InputChannels => 4;

        public string Name => "vectors";

        public IDiffusionNetwork Load(IReadOnlyList<WeightPatch> patches) => this;

        public Tensor Forward(Tensor x, Tensor timesteps, NetworkInput input)
        {
            var rows = input.Pooled!.Length(0);
            Vectors.Add([
                .. Enumerable.Range(0, (int)rows).Select(row => input.Pooled.Select(0, row).ToArray<float>()),
            ]);
            return x;
        }
    }
}
