using Newtonsoft.Json.Linq;
using NodeHost.Diffusion.Sampling;
using NodeHost.Diffusion.Sampling.Schedules;
using NodeHost.Golden.Comparison;
using NodeHost.Tensors;
using NodeHost.Tensors.Safetensors;
using NodeHost.Tests.Shared;

namespace NodeHost.Golden.Groups;

/// <summary>Noise levels of every model, schedule and number of steps, and the models' own tables.</summary>
internal sealed class SigmasGroup : IGoldenGroup
{
    private const double Tolerance = 1e-6;
    private const string Table = "|table";

    public string Name => "sigmas";

    public string Marker => "sigmas.json";

    public IEnumerable<GoldenResult> Run(GoldenFolder folder, Func<string, bool> wanted)
    {
        using var file = SafetensorsFile.Open(folder.PathOf("sigmas.safetensors"));
        foreach (var golden in GoldenFolder.ReadJson(folder.PathOf(Marker))["cases"]!)
        {
            var key = (string)golden["key"]!;
            if (wanted(key))
            {
                yield return GoldenResult.Guard(key, () => Check(key, file, Compute(golden)));
            }
        }
        foreach (
            var key in file.Entries.Keys.Where(key => key.EndsWith(Table, StringComparison.Ordinal) && wanted(key))
        )
        {
            yield return GoldenResult.Guard(
                key,
                () => Check(key, file, [.. RecordedModelSampling.Of(key[..^Table.Length]).Sigmas])
            );
        }
    }

    private static float[] Compute(JToken golden) =>
        ScheduleCatalogue.Compute(
            ScheduleCatalogue.Get((string)golden["scheduler"]!),
            RecordedModelSampling.Of((string)golden["model"]!),
            (int)golden["steps"]!,
            (double)golden["denoise"]!,
            SamplerCatalogue.Get((string)golden["sampler"]!).DropsPenultimateSigma
        );

    private static GoldenResult Check(string key, SafetensorsFile file, float[] actual)
    {
        using var expected = file.Load(key, DType.Float32);
        return GoldenResult.OfError(
            key,
            TensorComparison.LargestRelative(actual, expected.ToArray<float>()),
            Tolerance
        );
    }
}
