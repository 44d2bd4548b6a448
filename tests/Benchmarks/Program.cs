using System.Globalization;
using System.Text.Json;
using NodeHost.Benchmarks;

IBenchmark[] benchmarks = [new DispatchBenchmark(), new MatmulBenchmark()];

if (args is ["--list"])
{
    foreach (var benchmark in benchmarks)
    {
        Console.WriteLine($"{benchmark.Name, -20} {benchmark.Description}");
    }
    return 0;
}

var chosen = args.Length == 0 ? benchmarks : [.. benchmarks.Where(benchmark => args.Contains(benchmark.Name))];
if (chosen.Length < args.Length)
{
    var unknown = args.First(name => benchmarks.All(benchmark => benchmark.Name != name));
    var names = string.Join(", ", benchmarks.Select(benchmark => benchmark.Name));
    Console.Error.WriteLine($"bench: expected a name among {names}, got '{unknown}'.");
    return 1;
}

var figures = new Dictionary<string, double>();
foreach (var benchmark in chosen)
{
    foreach (var measurement in benchmark.Run())
    {
        var value = measurement.Value.ToString("G4", CultureInfo.InvariantCulture);
        Console.WriteLine(
            $"{benchmark.Name, -16} {measurement.Name, -34} {value, 9} {measurement.Unit, -8} {measurement.Against}"
        );
        figures[$"{benchmark.Name}/{measurement.Name} [{measurement.Unit}]"] = measurement.Value;
    }
}
Console.WriteLine(JsonSerializer.Serialize(figures));
return 0;
