using NodeHost.Diffusion.Attention;
using NodeHost.Diffusion.Guidance;
using NodeHost.Diffusion.Models;
using NodeHost.Diffusion.Sampling;
using NodeHost.Tensors;

namespace NodeHost.Tests.Diffusion.Guidance;

[AssertNoLeakedTensors]
public sealed class SelfAttentionGuidanceTests
{
    private const int Side = 4;
    private const int Tokens = Side * Side;

    [Fact]
    public void Apply_AttendedPlaces_AreBlurredPredictedAgainAndMovedAwayFrom()
    {
        using var scope = new TensorScope();
        using var generator = new Generator(3);
        var hook = new SelfAttentionGuidance(0.5, 1.5);
        using var run = new ForwardRun(
            GuidanceCase.Model(),
            new ForwardRunInfo { Sampling = GuidanceCase.Model().Sampling }
        );
        // Keys of places 0 to 5 draw all attention.
        var keys = Tensor.Zeros([2, Tokens, 4]);
        keys.Slice(1, 0, 6).FillInPlace(8);
        var query = Tensor.Ones([2, Tokens, 4]);
        var value = Tensor.Ones([2, Tokens, 4]);
        var step = new ForwardStep
        {
            Sigma = 2,
            ConditioningParts = [1, 0],
            Run = run,
        };

        var seen = hook.Apply(
            new AttentionOutput(
                new AttentionSite("middle", 0, 1, "attn1"),
                value,
                Range.All,
                step,
                new AttentionInputs(query, keys, value, 2)
            )
        );
        var (x, positive, negative) = (Random(generator), Random(generator), Random(generator));
        var again = Random(generator);
        PredictionRequest? request = null;
        var guided = hook.Apply(
            new GuidanceStep(x, 2, positive, negative, positive, 3)
            {
                Run = new GuidanceRun(
                    GuidanceCase.Model().Sampling,
                    run.Memory,
                    asked =>
                    {
                        request = asked;
                        return again;
                    }
                ),
            }
        );

        Assert.Same(value, seen);
        var degraded = Degraded(negative.ToArray<float>());
        Assert.True(request!.OfNegative);
        var (noisy, plain) = (request.X!.ToArray<float>(), x.ToArray<float>());
        var (clean, repeated) = (negative.ToArray<float>(), again.ToArray<float>());
        GuidanceCase.AssertClose(
            [.. degraded.Select((value, index) => (float)(value + plain[index] - clean[index]))],
            noisy
        );
        GuidanceCase.AssertClose(
            [
                .. positive
                    .ToArray<float>()
                    .Select((value, index) => (float)(value + (0.5 * (degraded[index] - repeated[index])))),
            ],
            guided.ToArray<float>()
        );
    }

    /// <summary>[1, 1, 8, 8], twice as large as the map of attention: rows 0 and 1 of it, and two places of row 1, count.</summary>
    private static double[] Degraded(float[] values)
    {
        const int Full = 2 * Side;
        var result = values.Select(value => (double)value).ToArray();
        double[] line = [.. Enumerable.Range(-4, 9).Select(offset => Math.Exp(-offset * offset / (2 * 1.5 * 1.5)))];
        var total = line.Sum();
        for (var row = 0; row < Full; row++)
        {
            for (var column = 0; column < Full; column++)
            {
                if (((row / 2) * Side) + (column / 2) >= 6)
                {
                    continue;
                }
                var sum = 0.0;
                for (var dy = -4; dy <= 4; dy++)
                {
                    for (var dx = -4; dx <= 4; dx++)
                    {
                        var weight = line[dy + 4] * line[dx + 4] / (total * total);
                        sum += weight * values[(Reflect(row + dy) * Full) + Reflect(column + dx)];
                    }
                }
                result[(row * Full) + column] = sum;
            }
        }
        return result;

        static int Reflect(int index) =>
            index < 0 ? -index
            : index >= Full ? (2 * (Full - 1)) - index
            : index;
    }

    private static Tensor Random(Generator generator) => Tensor.Randn([1, 1, 2 * Side, 2 * Side], generator);
}
