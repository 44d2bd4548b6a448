using NodeHost.Diffusion.Checkpoints;
using NodeHost.Diffusion.Models;
using NodeHost.Diffusion.Networks.Flux;
using NodeHost.Tensors;

namespace NodeHost.Benchmarks.Networks;

/// <summary>
/// Flux at full width with 4 + 8 blocks on a device, against the same network in plain operators and the device's matmul
/// rate, all in one run: on a GPU in bfloat16 over 1024x1024, on a CPU in float32 over 256x256.
/// </summary>
/// <param name="wanted">The device asked for; null for the best there is.</param>
internal sealed class FluxDeviceBenchmark(Device? wanted) : IBenchmark
{
    private const double MemoryReserve = 1.3;

    // Dense bfloat16 operations of a multiprocessor in a cycle, from NVIDIA's architecture papers.
    private const int PerCycleOnAmpere = 2048;
    private const int PerCycleOnHopper = 4096;

    private readonly FluxConfig _config = FluxConfig.Dev with { DoubleBlocks = 4, SingleBlocks = 8 };

    public string Name => "flux_slice";

    public string Description => "Flux at full width, 4 + 8 blocks, on --device DEVICE, against plain operators";

    public IEnumerable<Measurement> Run()
    {
        using var scope = new TensorScope();
        using var noGrad = Autograd.NoGrad();
        var device = Find();
        var isGpu = !device.IsCpu;
        var place = new ComputePlace(device, isGpu ? DType.BFloat16 : DType.Float32);
        var (size, tokens, runs) = isGpu ? (128, 512, 20) : (32, 256, 2);
        var plan = new FluxShapes(_config, size * size / 4, tokens);
        var needed = plan.ParameterCount * place.DType.Size() * MemoryReserve;
        var free = TorchRuntime.GetMemory(device)?.Free ?? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        if (needed > free)
        {
            yield return new Measurement("left out, needs memory of", needed / 1e9, "GB");
            yield break;
        }
        using var held = new HeldSource(plan, place);
        using var weights = new WeightSet(held, place.DType, place: place);
        var network = new FluxModel(weights.Root, _config);
        var plain = new PlainFlux(held.Tensors, _config);
        var (x, times, input) = Input(place, size, tokens);

        yield return new Measurement("difference from plain operators", Difference(), "sd")
        {
            Against = $"on {device}",
        };
        var rate = MatmulRate(place, isGpu);
        yield return new Measurement("matmul rate", rate / 1e12, "TFLOP/s") { Against = Peak(device) };
        // In turns, so that what changes on the machine changes both.
        var (ours, theirs) = (double.MaxValue, double.MaxValue);
        for (var turn = 0; turn < 2; turn++)
        {
            ours = Math.Min(ours, Time(() => network.Forward(x, times, input)));
            theirs = Math.Min(theirs, Time(() => plain.Forward(x, times, input)));
        }
        yield return new Measurement("forward", ours * 1e3, "ms") { Against = $"plain operators {theirs * 1e3:F1} ms" };
        yield return new Measurement("against plain operators", theirs / ours, "x");
        yield return new Measurement("share of the matmul rate", plan.Operations / ours / rate * 100, "%")
        {
            Against = $"{plan.Operations / ours / 1e12:F1} TFLOP/s",
        };

        double Difference()
        {
            using var step = new TensorScope();
            var (actual, expected) = (network.Forward(x, times, input), plain.Forward(x, times, input));
            return ((actual - expected).To(DType.Float32).Std() / expected.To(DType.Float32).Std()).Item();
        }

        double Time(Func<Tensor> forward) =>
            Timing
                .Of(
                    () =>
                    {
                        using var step = new TensorScope();
                        forward();
                        TorchRuntime.Synchronize(device);
                    },
                    runs
                )
                .Best;
    }

    private Device Find()
    {
        if (wanted is { } device && device.Index >= TorchRuntime.CountDevices(device))
        {
            Console.Error.WriteLine($"{Name}: there is no {device} here, so it runs on the CPU.");
            return Device.Cpu;
        }
        return wanted ?? TorchRuntime.BestDevice;
    }

    private (Tensor X, Tensor Timesteps, NetworkInput Input) Input(ComputePlace place, int size, int tokens)
    {
        using var generator = new Generator(2);
        Tensor Random(params long[] shape) => place.Take(Tensor.Randn(shape, generator));
        return (
            Random(1, _config.InputChannels, size, size),
            Tensor.Full([1], 0.5).To(place.Device),
            new NetworkInput
            {
                Context = Random(1, tokens, _config.ContextWidth),
                Pooled = Random(1, _config.VectorWidth),
                Guidance = place.Take(Tensor.Full([1], 4.0)),
            }
        );
    }

    /// <summary>Operations a second in a product of two square matrices of the type computed in.</summary>
    private static double MatmulRate(ComputePlace place, bool isGpu)
    {
        var side = isGpu ? 8192L : 2048;
        using var scope = new TensorScope();
        using var generator = new Generator(0);
        var a = place.Take(Tensor.Randn([side, side], generator));
        var timing = Timing.Of(
            () =>
            {
                Functional.Matmul(a, a).Dispose();
                TorchRuntime.Synchronize(place.Device);
            },
            runs: 10,
            warmUp: 3
        );
        return 2.0 * side * side * side / timing.Best;
    }

    private static string Peak(Device device)
    {
        if (TorchRuntime.DescribeGpu(device) is not { } gpu)
        {
            return $"{TorchRuntime.ThreadCount} threads";
        }
        var perCycle = gpu.ComputeCapability.Major switch
        {
            8 when gpu.ComputeCapability.Minor == 0 => PerCycleOnAmpere,
            9 => PerCycleOnHopper,
            _ => 0,
        };
        var peak = (double)perCycle * gpu.Multiprocessors * gpu.ClockMegahertz / 1e6;
        return perCycle == 0 ? gpu.Name : $"{gpu.Name}, {peak:F0} at its highest clock";
    }
}
