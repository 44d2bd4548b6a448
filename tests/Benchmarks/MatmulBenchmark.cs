using NodeHost.Tensors;

namespace NodeHost.Benchmarks;

/// <summary>The machine's matmul rate, by which every other figure is scaled.</summary>
internal sealed class MatmulBenchmark : IBenchmark
{
    private const int Size = 2048;

    public string Name => "matmul_2048";

    public string Description => "float32 product of two 2048x2048 matrices";

    /// <summary>Best rate of several runs, in GFLOP/s.</summary>
    public static double Rate(int runs = 5)
    {
        using var scope = new TensorScope();
        using var generator = new Generator(0);
        var a = Tensor.Randn([Size, Size], generator);
        var b = Tensor.Randn([Size, Size], generator);
        var timing = Timing.Of(() => Functional.Matmul(a, b).Dispose(), runs, warmUp: 2);
        return 2.0 * Size * Size * Size / timing.Best / 1e9;
    }

    public IEnumerable<Measurement> Run()
    {
        yield return new Measurement("rate, best", Rate(), "GFLOP/s")
        {
            Against = $"{TorchRuntime.ThreadCount} threads, libtorch {TorchRuntime.Version}",
        };
    }
}
