using System.Globalization;
using NodeHost.Diffusion.Networks.UNet;
using NodeHost.Tensors;

namespace NodeHost.Benchmarks.Networks;

/// <summary>Where the time of the full-size UNet goes: each kind of layer at each size, timed alone.</summary>
internal sealed class LayersBenchmark : IBenchmark
{
    private const int Batch = 2;
    private const int Size = 32;
    private const int Heads = 8;
    private const int Runs = 3;

    public string Name => "unet_layers";

    public string Description =>
        "the layers of the full-size SD1.5 UNet one by one, by kind and side of the feature map";

    public IEnumerable<Measurement> Run()
    {
        using var scope = new TensorScope();
        using var noGrad = Autograd.NoGrad();
        var plan = new UNetShapes(UNetConfig.Sd15, Batch, Size, 77);
        var rate = MatmulBenchmark.Rate();
        yield return new Measurement("matmul rate", rate, "GFLOP/s");
        var total = 0.0;
        foreach (var group in plan.Work.GroupBy(work => (work.Kind, Side: SideOf(work))).OrderBy(group => group.Key))
        {
            var seconds = group.GroupBy(work => work).Sum(same => same.Count() * Time(same.Key));
            total += seconds;
            var operations = group.Sum(work => work.Operations);
            var share = (operations / seconds / rate / 1e7).ToString("F0", CultureInfo.InvariantCulture);
            yield return new Measurement($"{group.Key.Kind} {group.Key.Side}", seconds * 1e3, "ms")
            {
                Against = $"{operations / 1e9:F0} GFLOP, {share} % of the matmul rate",
            };
        }
        yield return new Measurement("all of them", total * 1e3, "ms")
        {
            Against = $"floor {plan.Operations / rate / 1e6:F0} ms",
        };
    }

    private static string SideOf(PlannedWork work)
    {
        var side = Math.Sqrt(work.Positions / Batch);
        return side >= 4 && side % 1 == 0 ? $"{side:F0}x{side:F0}" : "vectors and text";
    }

    private static double Time(PlannedWork work)
    {
        using var scope = new TensorScope();
        using var generator = new Generator(0);
        Func<Tensor> action;
        switch (work.Kind)
        {
            case WorkKind.Convolution:
            {
                var side = (long)Math.Sqrt(work.Positions / Batch);
                var x = Tensor.Randn([Batch, work.Inputs, side, side], generator);
                var weight = Tensor.Randn([work.Outputs, work.Inputs, 3, 3], generator);
                action = () => Functional.Conv2d(x, weight, padding: 1);
                break;
            }
            case WorkKind.Attention:
            {
                var (rows, width) = ((long)work.Positions / Batch, work.Inputs / Heads);
                var query = Tensor.Randn([Batch * Heads, rows, width], generator);
                var key = Tensor.Randn([Batch * Heads, width, work.Outputs], generator);
                var value = Tensor.Randn([Batch * Heads, work.Outputs, width], generator);
                action = () => Functional.Bmm(Functional.Softmax(Functional.Bmm(query, key)), value);
                break;
            }
            default:
            {
                var x = Tensor.Randn([(long)work.Positions, work.Inputs], generator);
                var weight = Tensor.Randn([work.Outputs, work.Inputs], generator);
                action = () => Functional.Linear(x, weight);
                break;
            }
        }
        return Timing
            .Of(
                () =>
                {
                    using var step = new TensorScope();
                    action();
                },
                Runs
            )
            .Best;
    }
}
