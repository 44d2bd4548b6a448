using NodeHost.Diffusion.Conditions;
using NodeHost.Diffusion.Models;
using NodeHost.Diffusion.Sampling;
using NodeHost.Diffusion.Sampling.Guidance;
using NodeHost.Diffusion.Sampling.Parameterizations;
using NodeHost.Tensors;
using NodeHost.Tests.Diffusion.Sampling;

namespace NodeHost.Tests.Diffusion.Guidance;

/// <summary>Random predictions, guided by a model's hooks, and the same numbers for a formula written out.</summary>
internal sealed class GuidanceCase : IDisposable
{
    public const int Samples = 2;
    public const int Channels = 3;
    public const int Height = 6;
    public const int Width = 5;
    public const int SampleSize = Channels * Height * Width;
    public const double Sigma = 2.5;

    private readonly TensorScope _scope = new();
    private readonly RunMemory _memory = new();
    private ulong _seed = 1;

    public GuidanceCase() => Renew();

    public Tensor X { get; private set; } = null!;

    public Tensor Positive { get; private set; } = null!;

    public Tensor Negative { get; private set; } = null!;

    /// <summary>What hooks asked for.</summary>
    public List<PredictionRequest> Requests { get; } = [];

    /// <summary>What they got.</summary>
    public Tensor Extra { get; private set; } = null!;

    /// <summary>Other numbers, as in the next step.</summary>
    public void Renew() => (X, Positive, Negative, Extra) = (Random(3), Random(1), Random(1), Random(1));

    public RunMemory Memory => _memory;

    /// <summary>The guided prediction.</summary>
    public float[] Guide(Func<DiffusionModel, DiffusionModel> change, double scale, double sigma = Sigma)
    {
        var model = change(Model());
        return new CfgGuider(model, Empty, Empty, scale).Guide(Call(model, sigma)).Guided.ToArray<float>();
    }

    public GuidanceCall Call(DiffusionModel model, double sigma = Sigma) =>
        new(
            model,
            X,
            (float)sigma,
            needsNegative: false,
            new GuidanceRun(
                model.Sampling,
                _memory,
                request =>
                {
                    Requests.Add(request);
                    return Extra;
                }
            ),
            slots => [.. slots.Select(slot => new[] { Positive, Negative, Extra }[slot])]
        );

    public static Conditioning Empty { get; } = new([]);

    public static DiffusionModel Model() =>
        new()
        {
            Source = new FakeNetwork(),
            Sampling = new DiscreteModelSampling(new EpsPrediction()),
            LatentFormat = LatentFormat.Sd15,
        };

    /// <summary>A formula over the values of each sample: x, positive, negative, extra.</summary>
    public float[] Formula(Func<double[], double[], double[], double[], double[]> formula)
    {
        var (x, positive, negative, extra) = (Doubles(X), Doubles(Positive), Doubles(Negative), Doubles(Extra));
        var result = new List<float>();
        for (var sample = 0; sample < Samples; sample++)
        {
            double[] Part(double[] all) => all[(sample * SampleSize)..((sample + 1) * SampleSize)];
            result.AddRange(
                formula(Part(x), Part(positive), Part(negative), Part(extra)).Select(value => (float)value)
            );
        }
        return [.. result];
    }

    public static double Dot(double[] a, double[] b) => a.Zip(b, (left, right) => left * right).Sum();

    public static double[] Mix(double[] a, double[] b, Func<double, double, double> mix) => [.. a.Zip(b, mix)];

    public static void AssertClose(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        var largest = expected.Max(Math.Abs);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 2e-5f * largest));
    }

    public void Dispose()
    {
        _memory.Dispose();
        _scope.Dispose();
    }

    private Tensor Random(double deviation)
    {
        using var generator = new Generator(_seed++);
        return Tensor.Randn([Samples, Channels, Height, Width], generator) * deviation;
    }

    private static double[] Doubles(Tensor tensor) => tensor.ToArray<double>();
}
