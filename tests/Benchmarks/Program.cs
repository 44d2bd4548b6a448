using System.Globalization;
using System.Text.Json;
using NodeHost.Benchmarks;
using NodeHost.Benchmarks.Networks;
using NodeHost.Benchmarks.Prompts;
using NodeHost.Benchmarks.Queue;
using NodeHost.Benchmarks.Server;
using NodeHost.Tensors;

// NodeHost.Benchmarks [NAME ...] [--device DEVICE]: a table, and the same figures as one line of JSON.
switch (args)
{
    case [StartBenchmark.Child]:
        StartBenchmark.RunChild();
        return 0;
    case [MemoryBenchmark.Child, var path]:
        MemoryBenchmark.RunChild(path);
        return 0;
}

Device? device = null;
if (Array.IndexOf(args, "--device") is >= 0 and var place)
{
    try
    {
        device = Device.Parse(args.ElementAtOrDefault(place + 1) ?? "");
    }
    catch (ArgumentException error)
    {
        Console.Error.WriteLine($"bench: {error.Message}");
        return 2;
    }
    args = [.. args[..place], .. args[(place + 2)..]];
}

IBenchmark[] benchmarks =
[
    new DispatchBenchmark(),
    new MatmulBenchmark(),
    new AllocationBenchmark(),
    new StepBenchmark(),
    new StartBenchmark(),
    new UNetBenchmark(),
    new LayersBenchmark(),
    new MemoryBenchmark(),
    new FluxStepBenchmark(),
    new FluxSliceBenchmark(),
    new FluxDeviceBenchmark(device),
    new FluxEditBenchmark(),
    new StoreBenchmark(),
    new ServerBenchmark(),
];

if (args is ["--list"])
{
    foreach (var benchmark in benchmarks)
    {
        Console.WriteLine($"{benchmark.Name, -16} {benchmark.Description}");
    }
    return 0;
}

var chosen = args.Length == 0 ? benchmarks : [.. benchmarks.Where(benchmark => args.Contains(benchmark.Name))];
if (args.FirstOrDefault(name => benchmarks.All(benchmark => benchmark.Name != name)) is { } unknown)
{
    var names = string.Join(", ", benchmarks.Select(benchmark => benchmark.Name));
    Console.Error.WriteLine($"bench: expected a name among {names}, got '{unknown}'.");
    return 2;
}

var figures = new Dictionary<string, double>();
foreach (var benchmark in chosen)
{
    foreach (var measurement in benchmark.Run())
    {
        var value = measurement.Value.ToString("G4", CultureInfo.InvariantCulture);
        Console.WriteLine(
            $"{benchmark.Name, -16} {measurement.Name, -30} {value, 9} {measurement.Unit, -8} {measurement.Against}".TrimEnd()
        );
        figures[$"{benchmark.Name}: {measurement.Name} [{measurement.Unit}]"] = measurement.Value;
    }
}
Console.WriteLine(JsonSerializer.Serialize(figures));
return 0;
