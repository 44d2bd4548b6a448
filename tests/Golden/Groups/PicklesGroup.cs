using Newtonsoft.Json.Linq;
using NodeHost.Diffusion.Checkpoints;
using NodeHost.Tensors;
using NodeHost.Tensors.Pickle;

namespace NodeHost.Golden.Groups;

/// <summary>PyTorch's pickled files: equal to their safetensors twins bit for bit, or refused for the right reason; none runs.</summary>
internal sealed class PicklesGroup : IGoldenGroup
{
    private const long MostMemory = 1 << 30;
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    public string Name => "pickles";

    public string Marker => "pickles";

    public IEnumerable<GoldenResult> Run(GoldenFolder folder, Func<string, bool> wanted)
    {
        var index = GoldenFolder.ReadJson(folder.PathOf(Marker, "index.json"));
        foreach (var golden in index["files"]!)
        {
            var name = (string)golden["file"]!;
            if (wanted(name))
            {
                yield return GoldenResult.Guard(name, () => Check(folder.PathOf(Marker), name, golden));
            }
        }
    }

    private static GoldenResult Check(string folder, string name, JToken golden)
    {
        var watch = System.Diagnostics.Stopwatch.StartNew();
        var before = GC.GetTotalAllocatedBytes();
        var (outcome, difference) = Compare(folder, name, golden);
        var allocated = GC.GetTotalAllocatedBytes() - before;
        difference ??=
            watch.Elapsed > Soon ? $"took {watch.Elapsed.TotalSeconds:0} s"
            : allocated > MostMemory ? $"took {allocated} bytes of memory"
            : File.Exists("PWNED") || File.Exists(Path.Combine(folder, "PWNED")) ? "code in the file has run"
            : null;
        var result = GoldenResult.OfEquality(name, difference);
        return difference is null ? result with { Measured = outcome } : result;
    }

    private static (string Outcome, string? Difference) Compare(string folder, string name, JToken golden)
    {
        var expected = (string)golden["expect"]!;
        var refusals = golden["refusal"]?.Select(refusal => (string)refusal!).ToArray() ?? [];
        try
        {
            using var scope = new TensorScope();
            using var source = PickleSource.Open(Path.Combine(folder, name));
            var difference =
                expected == "refuse" ? $"loaded, expected it refused as {string.Join(" or ", refusals)}"
                : (string?)golden["tensors"] is { } twin ? Difference(source, Path.Combine(folder, twin))
                : DifferenceFromSmall(source);
            return ("equal", difference);
        }
        catch (PickleException error)
        {
            var refusal = SnakeCase(error.Refusal.ToString());
            return expected != "tensors" && refusals.Contains(refusal)
                ? ($"refused: {refusal}", null)
                : ("", $"refused as {refusal}: {error.Message.ReplaceLineEndings(" ")}");
        }
    }

    private static string? Difference(PickleSource source, string twin)
    {
        using var expected = SafetensorsSource.Open(twin);
        var wrong = source.Entries.Keys.Except(expected.Entries.Keys).ToArray();
        var missing = expected.Entries.Keys.Except(source.Entries.Keys).ToArray();
        if (wrong.Length + missing.Length > 0)
        {
            return $"keys missing: {string.Join(", ", missing)}; keys too many: {string.Join(", ", wrong)}";
        }
        foreach (var (key, info) in expected.Entries)
        {
            var given = source.Entries[key];
            if (given.DType != info.DType || !given.Shape.SequenceEqual(info.Shape))
            {
                return $"{key}: expected {info}, got {given}";
            }
            if (!Bytes(source.Read(key)).AsSpan().SequenceEqual(Bytes(expected.Read(key))))
            {
                return $"{key}: other values";
            }
        }
        return null;
    }

    // What the files that may load or not hold, as their index says.
    private static string? DifferenceFromSmall(PickleSource source) =>
        source.Entries.TryGetValue("w", out var info)
        && info.Shape.SequenceEqual([2L, 2L])
        && source.Read("w").ToArray<float>().AsSpan().SequenceEqual([1, 2, 3, 4])
            ? null
            : "expected w = [[1, 2], [3, 4]]";

    private static byte[] Bytes(Tensor tensor) =>
        tensor.ElementCount == 0 ? []
        : tensor.DType == DType.UInt8 ? tensor.Contiguous().Reshape(-1).ToArray<byte>()
        : tensor.Contiguous().Reshape(-1).ViewAs(DType.UInt8).ToArray<byte>();

    private static string SnakeCase(string name) =>
        string.Concat(name.Select((letter, i) => char.IsUpper(letter) && i > 0 ? $"_{letter}" : $"{letter}"))
            .ToLowerInvariant();
}
