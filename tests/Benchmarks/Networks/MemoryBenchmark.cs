using System.Globalization;
using NodeHost.Diffusion.Checkpoints;
using NodeHost.Diffusion.Models;
using NodeHost.Diffusion.Networks.UNet;
using NodeHost.Tensors;
using NodeHost.Tensors.Safetensors;

namespace NodeHost.Benchmarks.Networks;

/// <summary>Peak of memory over the bytes of the weights, of a process that maps a float32 UNet and runs it once.</summary>
internal sealed class MemoryBenchmark : IBenchmark
{
    public const string Child = "--memory";

    public string Name => "memory";

    public string Description =>
        "full-size SD1.5 UNet from a float32 file (3.4 GB, written first): peak memory by weight bytes";

    public IEnumerable<Measurement> Run()
    {
        var folder = Directory.CreateTempSubdirectory("nodehost-bench-").FullName;
        try
        {
            var path = Path.Combine(folder, "unet.safetensors");
            var bytes = WriteFile(path);
            var figures = SelfProcess.ReadLine(Child, path).Line.Split(' ');
            var peak = double.Parse(figures[0], CultureInfo.InvariantCulture);
            var own = double.Parse(figures[1], CultureInfo.InvariantCulture);
            yield return new Measurement("weights", bytes / 1e6, "MB");
            yield return new Measurement("peak resident", peak / 1e6, "MB");
            yield return new Measurement("peak / weights", peak / bytes, "x")
            {
                Against = "floor 1: every weight is read",
            };
            yield return new Measurement("resident, not the file's", own / 1e6, "MB")
            {
                Against = "at the end: program, libtorch's heap",
            };
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>The part that runs in a process of its own.</summary>
    public static void RunChild(string path)
    {
        using (var scope = new TensorScope())
        {
            using var noGrad = Autograd.NoGrad();
            using var source = SafetensorsSource.Open(path);
            using var weights = new WeightSet(source);
            var network = new UNetModel(weights.Root, UNetConfig.Sd15);
            using var generator = new Generator(0);
            var x = Tensor.Randn([2, 4, 32, 32], generator);
            var input = new NetworkInput { Context = Tensor.Randn([2, 77, 768], generator) };
            network.Forward(x, Tensor.Full([2], 500), input);
        }
        Console.WriteLine(
            FormattableString.Invariant($"{PeakMemory.Status("VmHWM:")} {PeakMemory.Status("RssAnon:")}")
        );
    }

    private static long WriteFile(string path)
    {
        var plan = new UNetShapes(UNetConfig.Sd15, 1, 32, 77);
        var source = new RandomSource(plan);
        var entries = plan.Entries.Select(entry => new SafetensorsEntry(
            entry.Key,
            entry.Value.DType,
            [.. entry.Value.Shape]
        ));
        using var writer = new SafetensorsWriter(path, entries);
        foreach (var key in plan.Entries.Keys)
        {
            using var scope = new TensorScope();
            writer.Write(key, source.Read(key));
        }
        writer.Complete();
        return plan.ParameterCount * sizeof(float);
    }
}
