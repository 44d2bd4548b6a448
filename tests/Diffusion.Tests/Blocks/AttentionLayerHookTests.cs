using NodeHost.Diffusion.Attention;
using NodeHost.Diffusion.Blocks;
using NodeHost.Diffusion.Models;
using NodeHost.Tensors;

namespace NodeHost.Tests.Diffusion.Blocks;

[AssertNoLeakedTensors]
public sealed class AttentionLayerHookTests
{
    private const int Height = 8;
    private const int Width = 12;

    [Fact]
    public void HyperTiling_Map_AttendsWithinTiles()
    {
        using var scope = new TensorScope();
        using var generator = new Generator(4);
        var tokens = Tensor.Randn([2, Height * Width, 3], generator);

        // Tiles of at least 3: rows of 4 (8 / 4), columns of 3 (12 / 3).
        var result = new HyperTiling(3, 1, 0, false).Attend(Call(tokens), Averaging).ToArray<float>();

        var values = tokens.ToArray<float>();
        for (var index = 0; index < result.Length; index++)
        {
            var (channel, place, sample) = (index % 3, index / 3 % (Height * Width), index / (3 * Height * Width));
            var (top, left) = (place / Width / 4 * 4, place % Width / 3 * 3);
            var expected = Enumerable
                .Range(0, 12)
                .Average(cell => values[At(sample, top + (cell / 3), left + (cell % 3), channel)]);
            Assert.Equal(expected, result[index], 1e-5f);
        }

        static int At(int sample, int row, int column, int channel) =>
            (((sample * Height * Width) + (row * Width) + column) * 3) + channel;
    }

    [Fact]
    public void HyperTiling_SeveralSizes_AreDrawnByLayerAndStepAndRepeat()
    {
        using var scope = new TensorScope();
        using var generator = new Generator(4);
        var tokens = Tensor.Randn([1, Height * Width, 3], generator);
        float[] At(double sigma) =>
            new HyperTiling(2, 4, 0, false).Attend(Call(tokens, sigma), Averaging).ToArray<float>();

        Assert.Equal(At(1), At(1));
        Assert.Contains(Enumerable.Range(2, 8), step => !At(step).SequenceEqual(At(1)));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 6)] // 4x6 in tiles of 2x2.
    public void HyperTiling_DeeperLevel_IsTiledUpToTheDeepest(int deepest, int expectedTiles)
    {
        using var scope = new TensorScope();
        var tokens = Tensor.Ones([1, Height / 2 * (Width / 2), 3]);
        var batch = 0L;

        new HyperTiling(2, 1, deepest, false).Attend(
            Call(tokens),
            (given, _) =>
            {
                batch = given.Length(0);
                return given;
            }
        );

        Assert.Equal(expectedTiles, batch);
    }

    [Fact]
    public void TokenMerging_BestMatches_ShareTheMeanAndItsOutput()
    {
        using var scope = new TensorScope();
        using var generator = new Generator(6);
        const double Ratio = 0.4;
        var tokens = Tensor.Randn([1, Height * Width, 3], generator);
        var tokensSeen = 0L;

        // An odd batch: the destinations are the upper left tokens of each 2x2.
        var result = new TokenMerging(Ratio)
            .Attend(
                Call(tokens),
                (given, _) =>
                {
                    tokensSeen = given.Length(1);
                    return given * 2;
                }
            )
            .ToArray<float>();

        var merged = (int)(Height * Width * Ratio);
        Assert.Equal((Height * Width) - merged, tokensSeen);
        GuidanceClose(Naive(tokens.ToArray<double>(), merged), result);
    }

    [Fact]
    public void TokenMerging_NothingToMergeOrText_AttendsAsEver()
    {
        using var scope = new TensorScope();
        var tokens = Tensor.Ones([2, Height * Width, 3]);
        var text = Tensor.Ones([2, 7, 3]);

        Assert.Same(tokens, new TokenMerging(0).Attend(Call(tokens), (given, _) => given));
        Assert.Same(text, new TokenMerging(0.5).Attend(Call(tokens) with { Context = text }, (_, context) => context!));
        Assert.Same(
            text,
            new HyperTiling(2, 1, 9, false).Attend(Call(tokens) with { Context = text }, (_, context) => context!)
        );
    }

    [Fact]
    public void TokenMerging_AllTokens_MergesAllButTheDestinations()
    {
        using var scope = new TensorScope();
        using var generator = new Generator(6);
        var tokens = Tensor.Randn([2, Height * Width, 3], generator);

        var seen = new TokenMerging(1).Attend(
            Call(tokens),
            (given, _) =>
            {
                Assert.Equal(Height * Width / 4, given.Length(1));
                return given;
            }
        );

        Assert.Equal(tokens.Shape.ToArray(), seen.Shape.ToArray());
    }

    /// <summary>The algorithm over single tokens; attention doubles what it is given.</summary>
    private static double[] Naive(double[] values, int merged)
    {
        double[][] tokens = [.. values.Chunk(3)];
        bool IsDestination(int place) => place / Width % 2 == 0 && place % Width % 2 == 0;
        int[] destinations = [.. Enumerable.Range(0, tokens.Length).Where(IsDestination)];
        var matches = Enumerable
            .Range(0, tokens.Length)
            .Where(place => !IsDestination(place))
            .Select(place =>
            {
                var best = destinations.MaxBy(other => Cosine(tokens[place], tokens[other]));
                return (Place: place, Into: best, Likeness: Cosine(tokens[place], tokens[best]));
            })
            .OrderByDescending(match => match.Likeness)
            .Take(merged)
            .ToArray();
        var result = tokens.Select(token => token.Select(value => 2 * value).ToArray()).ToArray();
        foreach (var group in matches.GroupBy(match => match.Into))
        {
            double[][] members = [tokens[group.Key], .. group.Select(match => tokens[match.Place])];
            double[] mean =
            [
                .. Enumerable.Range(0, 3).Select(channel => 2 * members.Average(member => member[channel])),
            ];
            result[group.Key] = mean;
            foreach (var (place, _, _) in group)
            {
                result[place] = mean;
            }
        }
        return [.. result.SelectMany(token => token)];
    }

    private static double Cosine(double[] a, double[] b)
    {
        static double Dot(double[] left, double[] right) => left.Zip(right, (x, y) => x * y).Sum();
        return Dot(a, b) / Math.Sqrt(Dot(a, a) * Dot(b, b));
    }

    private static void GuidanceClose(double[] expected, float[] actual) =>
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-5));

    private static Tensor Averaging(Tensor tokens, Tensor? context)
    {
        Assert.Null(context);
        return tokens.Mean([1], keepDimensions: true).Expand(-1, tokens.Length(1), -1);
    }

    private static AttentionLayerCall Call(Tensor tokens, double sigma = 1) =>
        new(new AttentionSite("input", 1, 12, "attn1"), tokens, null, Height, Width, new ForwardStep { Sigma = sigma });
}
