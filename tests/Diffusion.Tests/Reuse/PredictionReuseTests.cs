using NodeHost.Diffusion.Models;
using NodeHost.Diffusion.Reuse;
using NodeHost.Diffusion.Sampling;
using NodeHost.Tensors;

namespace NodeHost.Tests.Diffusion.Reuse;

[AssertNoLeakedTensors]
public sealed class PredictionReuseTests
{
    private const double Threshold = 0.1;

    [Fact]
    public void Predict_SteadyRun_FollowsTheAlgorithm()
    {
        using var scope = new TensorScope();
        using var reuse = Reuse(0, 1);
        var computed = new List<int>();
        var results = new List<double>();
        var expectedComputed = new List<int>();
        var expected = new List<double>();

        // The algorithm over single numbers.
        double? rate = null,
            last = null,
            output = null,
            computedInput = null;
        var (change, added) = (0.0, 0.0);
        for (var step = 0; step < 20; step++)
        {
            var (x, sigma) = (10 - (0.4 * step), 0.95 - (0.04 * step));
            double Network() => (0.5 * x) + Math.Sin(x);
            var reuses = false;
            if (last is { } before && rate is { } steady)
            {
                change += steady * Math.Abs(x - before) / Math.Abs(output!.Value);
                reuses = change < Threshold;
            }
            change = reuses ? change : 0;
            last = x;
            if (reuses)
            {
                expected.Add(x + added);
            }
            else
            {
                var made = Network();
                expectedComputed.Add(step);
                expected.Add(made);
                added = made - x;
                if (output is { } earlier)
                {
                    rate = Math.Abs(made - earlier) / Math.Abs(x - computedInput!.Value);
                }
                (output, computedInput) = (made, x);
            }

            var index = step;
            results.Add(
                reuse
                    .Predict(
                        "0",
                        Tensor.Full([1, 1, 1, 1], x, DType.Float64),
                        sigma,
                        () =>
                        {
                            computed.Add(index);
                            return [Tensor.Full([1, 1, 1, 1], Network(), DType.Float64)];
                        }
                    )[0]
                    .Item()
            );
        }

        Assert.Equal(expectedComputed, computed);
        Assert.InRange(computed.Count, 3, 19);
        Assert.All(expected.Zip(results), pair => Assert.Equal(pair.First, pair.Second, 1e-9));
    }

    [Fact]
    public void Predict_OutsideItsPart_AlwaysComputes()
    {
        using var scope = new TensorScope();
        using var reuse = Reuse(0.9, 0.95);
        var count = 0;
        for (var step = 0; step < 6; step++)
        {
            Predict(reuse, "0", 1 + (0.001 * step), 0.9 - (0.1 * step), () => count++);
        }

        Assert.Equal(6, count);
    }

    [Fact]
    public void Predict_SeveralConditionings_FollowTheFirst()
    {
        using var scope = new TensorScope();
        using var reuse = Reuse(0, 1);
        var calls = new List<string>();
        for (var step = 0; step < 6; step++)
        {
            // The second changes wildly, which nobody asks.
            Predict(reuse, "first", 1 + (0.001 * step), 0.9 - (0.1 * step), () => calls.Add("first"));
            Predict(reuse, "second", 1 + step, 0.9 - (0.1 * step), () => calls.Add("second"));
        }

        Assert.Equal(["first", "second", "first", "second"], calls);
    }

    private static void Predict(PredictionReuse reuse, string key, double x, double sigma, Action computes) =>
        reuse.Predict(
            key,
            Tensor.Full([1, 1, 1, 1], x),
            sigma,
            () =>
            {
                computes();
                return [Tensor.Full([1, 1, 1, 1], 2 * x)];
            }
        );

    private static PredictionReuse Reuse(double start, double end) =>
        new(
            new ReuseSettings("Test", ReuseLevel.Network, Threshold, start, end),
            new ForwardRunInfo { Sampling = new DiscreteFlowModelSampling() }
        );
}
