using NodeHost.Diffusion.Attention;
using NodeHost.Diffusion.Blocks;
using NodeHost.Diffusion.Models;
using NodeHost.Tensors;
using NodeHost.Tests.Diffusion.Guidance;

namespace NodeHost.Tests.Diffusion.Blocks;

[AssertNoLeakedTensors]
public sealed class FreeUTests
{
    private const int Height = 4;
    private const int Width = 6;
    private const int ModelChannels = 2;
    private static readonly FeatureCall Call = new(
        new AttentionSite("output", 0, 12, ""),
        ModelChannels,
        new ForwardStep { Sigma = 1 }
    );

    [Theory]
    [InlineData(8, 1.3, 0.9, false)]
    [InlineData(4, 1.5, 0.2, false)]
    [InlineData(8, 1.3, 0.9, true)]
    [InlineData(4, 1.5, 0.2, true)]
    public void OnJoin_DeepLevels_AmplifyTheBackboneAndFilterTheSkip(int channels, double b, double s, bool version2)
    {
        using var scope = new TensorScope();
        using var generator = new Generator(2);
        var (hidden, skip) = (
            Tensor.Randn([1, channels, Height, Width], generator),
            Tensor.Randn([1, 3, Height, Width], generator)
        );

        var (amplified, filtered) = new FreeU((1.3, 0.9), (1.5, 0.2), version2).OnJoin(Call, hidden, skip);

        const int Places = Height * Width;
        var values = hidden.ToArray<double>();
        double[] mean =
        [
            .. Enumerable
                .Range(0, Places)
                .Select(place => Enumerable.Range(0, channels).Average(c => values[(c * Places) + place])),
        ];
        var (lowest, highest) = (mean.Min(), mean.Max());
        for (var index = 0; index < channels / 2 * Places; index++)
        {
            var structure = (mean[index % Places] - lowest) / (highest - lowest);
            values[index] *= version2 ? ((b - 1) * structure) + 1 : b;
        }
        GuidanceCase.AssertClose([.. values.Select(value => (float)value)], amplified.ToArray<float>());
        var expected = NaiveSpectrum.Scale(skip.ToArray<double>(), 3, Height, Width, s, 1, 1);
        GuidanceCase.AssertClose([.. expected.Select(value => (float)value)], filtered.ToArray<float>());
    }

    [Fact]
    public void OnJoin_FirstLevelOrNeutralFactors_GivesTheSameTensors()
    {
        using var scope = new TensorScope();
        var (shallow, deep, skip) = (
            Tensor.Ones([1, 2, Height, Width]),
            Tensor.Ones([1, 8, Height, Width]),
            Tensor.Ones([1, 2, Height, Width])
        );

        Assert.Equal((shallow, skip), new FreeU((2, 0), (2, 0), true).OnJoin(Call, shallow, skip));
        Assert.Equal((deep, skip), new FreeU((1, 1), (1, 1), true).OnJoin(Call, deep, skip));
    }
}
