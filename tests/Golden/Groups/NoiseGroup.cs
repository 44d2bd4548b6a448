using Newtonsoft.Json.Linq;
using NodeHost.Diffusion.Sampling.Noise;
using NodeHost.Golden.Comparison;
using NodeHost.Tensors;
using NodeHost.Tensors.Safetensors;

namespace NodeHost.Golden.Groups;

/// <summary>Initial noise by shape, seed and batch index: bit for bit.</summary>
internal sealed class NoiseGroup : IGoldenGroup
{
    public string Name => "noise";

    public string Marker => "noise.json";

    public IEnumerable<GoldenResult> Run(GoldenFolder folder, Func<string, bool> wanted)
    {
        using var file = SafetensorsFile.Open(folder.PathOf("noise.safetensors"));
        foreach (var golden in GoldenFolder.ReadJson(folder.PathOf(Marker))["cases"]!)
        {
            var name = (string)golden["i"]!;
            if (wanted(name))
            {
                yield return GoldenResult.Guard(name, () => Check(name, golden, file));
            }
        }
    }

    private static GoldenResult Check(string name, JToken golden, SafetensorsFile file)
    {
        using var scope = new TensorScope();
        var actual = InitialNoise.Prepare(
            golden["shape"]!.ToObject<long[]>()!,
            golden["seed"]!.ToObject<ulong>(),
            golden["batch_index"]?.ToObject<long[]?>()
        );
        return GoldenResult.OfEquality(name, TensorComparison.BitDifference(actual, file.Load(name)));
    }
}
