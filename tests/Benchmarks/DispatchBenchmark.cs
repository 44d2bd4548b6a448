using NodeHost.Tensors;

namespace NodeHost.Benchmarks;

/// <summary>What one operator call costs: a 4x4 addition, which is nearly all overhead.</summary>
internal sealed class DispatchBenchmark : IBenchmark
{
    private const int Calls = 100_000;

    public string Name => "dispatch";

    public string Description => "one boxed call of aten::add on 4x4 tensors, result freed";

    public IEnumerable<Measurement> Run()
    {
        using var scope = new TensorScope();
        var a = Tensor.Ones([4, 4]);
        var b = Tensor.Ones([4, 4]);
        var timing = Timing.Of(
            () =>
            {
                using var untracked = TensorScope.Suspend();
                for (var call = 0; call < Calls; call++)
                {
                    (a + b).Dispose();
                }
            },
            runs: 15,
            warmUp: 5
        );
        yield return new Measurement("add 4x4, best", timing.Best / Calls * 1e6, "us")
        {
            Against = "aim 1.3; from C++ 0.74 boxed, 0.63 direct on the machine of docs/performance.md",
        };
        yield return new Measurement("add 4x4, median", timing.Median / Calls * 1e6, "us");
    }
}
