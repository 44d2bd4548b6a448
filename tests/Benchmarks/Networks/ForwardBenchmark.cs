using System.Diagnostics;
using NodeHost.Diffusion.Checkpoints;
using NodeHost.Diffusion.Models;
using NodeHost.Tensors;

namespace NodeHost.Benchmarks.Networks;

/// <summary>Forward passes of a network with random weights, beside the matmul rate of the same run.</summary>
internal abstract class ForwardBenchmark : IBenchmark
{
    private const int Runs = 3;

    // Weights, and room for what passes through the network.
    private const double MemoryReserve = 1.2;

    public abstract string Name { get; }

    public abstract string Description { get; }

    /// <summary>What ComfyUI needs in matmul time: seconds times GFLOP/s of its own run.</summary>
    protected abstract double ReferenceWork { get; }

    public IEnumerable<Measurement> Run()
    {
        using var scope = new TensorScope();
        using var noGrad = Autograd.NoGrad();
        var plan = MakePlan();
        yield return new Measurement("parameters", plan.ParameterCount / 1e6, "M");
        var needed = plan.ParameterCount * sizeof(float) * MemoryReserve;
        if (needed > GC.GetGCMemoryInfo().TotalAvailableMemoryBytes)
        {
            yield return new Measurement("left out, needs memory of", needed / 1e9, "GB");
            yield break;
        }
        using var weights = new WeightSet(new RandomSource(plan));
        var network = MakeNetwork(weights.Root);
        var (x, timesteps, input) = MakeInput();

        var before = MatmulBenchmark.Rate();
        using var process = Process.GetCurrentProcess();
        var cpuStart = process.TotalProcessorTime;
        var timing = Timing.Of(
            () =>
            {
                using var step = new TensorScope();
                var output = network.Forward(x, timesteps, input);
                if (!output.IsFinite().All())
                {
                    throw new InvalidOperationException($"{Name}: the output is not finite.");
                }
            },
            Runs
        );
        process.Refresh();
        var cpu = (process.TotalProcessorTime - cpuStart).TotalSeconds / (Runs + 1);
        var after = MatmulBenchmark.Rate();
        var rate = Math.Max(before, after);
        yield return new Measurement("matmul rate before, after", before, "GFLOP/s") { Against = $"after {after:F0}" };
        yield return new Measurement("forward, best", timing.Best, "s")
        {
            Against =
                $"floor {plan.Operations / rate / 1e9:F2} s = {plan.Operations / 1e9:F0} GFLOP at the matmul rate",
        };
        yield return new Measurement("processor time a forward", cpu, "s")
        {
            Against = $"of {TorchRuntime.ThreadCount} threads; tells waiting for other processes from working",
        };
        yield return new Measurement("share of the matmul rate", plan.Operations / timing.Best / rate / 1e7, "%")
        {
            Against = "aim 70",
        };
        yield return new Measurement("against ComfyUI", ReferenceWork / rate / timing.Best, "x")
        {
            Against = $"ComfyUI would take {ReferenceWork / rate:F2} s at this matmul rate",
        };
    }

    protected abstract ShapePlan MakePlan();

    protected abstract IDiffusionNetwork MakeNetwork(Weights w);

    protected abstract (Tensor X, Tensor Timesteps, NetworkInput Input) MakeInput();
}
