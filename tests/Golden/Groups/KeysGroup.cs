using Newtonsoft.Json.Linq;
using NodeHost.Diffusion.Checkpoints;
using NodeHost.Tensors;

namespace NodeHost.Golden.Groups;

/// <summary>Full-size public checkpoints without their weights: every key asked for once, with its shape; buffers passed over.</summary>
internal sealed class KeysGroup : IGoldenGroup
{
    public string Name => "keys";

    public string Marker => "keys";

    public IEnumerable<GoldenResult> Run(GoldenFolder folder, Func<string, bool> wanted)
    {
        foreach (var path in Directory.EnumerateFiles(folder.PathOf(Marker), "*.json").Order(StringComparer.Ordinal))
        {
            var name = Path.GetFileNameWithoutExtension(Path.GetFileNameWithoutExtension(path));
            if (wanted(name))
            {
                yield return GoldenResult.Guard(name, () => Check(name, GoldenFolder.ReadJson(path)));
            }
        }
    }

    private static GoldenResult Check(string name, JToken golden)
    {
        var keys = Read(golden["keys"]);
        var buffers = Read(golden["also_seen"]);
        var source = new ShapeSource(name, keys.Concat(buffers).ToDictionary(pair => pair.Key, pair => pair.Value));
        var audit = CheckpointAudit.Of(source);
        var missed = keys.Keys.Except(audit.Asked.Keys).ToArray();
        var repeated = audit.Asked.Where(pair => pair.Value != 1).Select(pair => pair.Key).ToArray();
        var difference =
            missed.Length > 0 ? $"{missed.Length} keys never asked for, first {missed[0]}"
            : repeated.Length > 0 ? $"{repeated.Length} keys asked for more than once, first {repeated[0]}"
            : audit.LeftOver.Count > 0 ? $"{audit.LeftOver.Count} keys reported as left over, first {audit.LeftOver[0]}"
            : null;
        var result = GoldenResult.OfEquality(name, difference);
        return difference is null ? result with { Measured = string.Join(" + ", audit.Parts) } : result;
    }

    private static Dictionary<string, WeightInfo> Read(JToken? keys) =>
        (keys as JObject)
            ?.Properties()
            .ToDictionary(
                key => key.Name,
                key => new WeightInfo(TypeOf((string)key.Value[1]!), key.Value[0]!.ToObject<long[]>()!)
            )
        ?? [];

    private static DType TypeOf(string name) =>
        name switch
        {
            "F64" => DType.Float64,
            "F32" => DType.Float32,
            "F16" => DType.Float16,
            "BF16" => DType.BFloat16,
            "F8_E4M3" => DType.Float8E4M3,
            "F8_E5M2" => DType.Float8E5M2,
            "I64" => DType.Int64,
            "I32" => DType.Int32,
            _ => throw new ArgumentException($"the golden file has the unknown element type {name}"),
        };
}
