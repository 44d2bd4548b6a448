using System.Diagnostics;
using NodeHost.Tensors;

namespace NodeHost.Benchmarks;

/// <summary>What large temporaries cost: processor time of the process and of the kernel for one step's worth of them.</summary>
internal sealed class AllocationBenchmark : IBenchmark
{
    private const int Runs = 40;

    public string Name => "allocation";

    public string Description => "a 3x3 convolution of 320 channels at 32x32, batch 2, with the buffers it allocates";

    public IEnumerable<Measurement> Run()
    {
        using var scope = new TensorScope();
        using var generator = new Generator(0);
        var x = Tensor.Randn([2, 320, 32, 32], generator);
        var weight = Tensor.Randn([320, 320, 3, 3], generator) * 0.02;
        using var process = Process.GetCurrentProcess();
        var start = (process.UserProcessorTime, process.PrivilegedProcessorTime);
        for (var run = 0; run < Runs; run++)
        {
            using var step = new TensorScope();
            Functional.Silu(Functional.Conv2d(x, weight, padding: 1));
        }
        process.Refresh();
        var user = (process.UserProcessorTime - start.UserProcessorTime).TotalMilliseconds / Runs;
        var kernel = (process.PrivilegedProcessorTime - start.PrivilegedProcessorTime).TotalMilliseconds / Runs;
        yield return new Measurement("processor time in the process", user, "ms");
        yield return new Measurement("processor time in the kernel", kernel, "ms");
    }
}
