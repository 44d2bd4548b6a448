using Newtonsoft.Json.Linq;
using NodeHost.Diffusion.Models.Store;
using NodeHost.Diffusion.Text;
using NodeHost.Golden.Comparison;
using NodeHost.Tensors;
using NodeHost.Tensors.Safetensors;

namespace NodeHost.Golden.Groups;

/// <summary>Prompts encoded for SD1.5 (also two layers early) and for Flux.</summary>
internal sealed class TextEncodeGroup : IGoldenGroup
{
    private const double Tolerance = 1e-4;

    public string Name => "text_encode";

    public string Marker => "text_encode.json";

    public IEnumerable<GoldenResult> Run(GoldenFolder folder, Func<string, bool> wanted)
    {
        using var expected = SafetensorsFile.Open(folder.PathOf("text_encode.safetensors"));
        using var store = GoldenModels.OpenStore(folder);
        foreach (var golden in GoldenFolder.ReadJson(folder.PathOf(Marker))["cases"]!)
        {
            foreach (var (family, suffix) in new[] { ("sd15", ""), ("sd15", "_skip2"), ("flux", "") })
            {
                var name = $"{family}.{golden["i"]}{suffix}";
                if (wanted(name) && expected.Contains($"{family}.{golden["i"]}.cond{suffix}"))
                {
                    yield return GoldenResult.Guard(
                        name,
                        () =>
                            Check(
                                name,
                                $"{family}.{golden["i"]}",
                                suffix,
                                golden,
                                expected,
                                Clip(store, folder, family)
                            )
                    );
                }
            }
        }
    }

    private static Clip Clip(ModelStore store, GoldenFolder folder, string family)
    {
        string Model(params string[] parts) => Path.Combine([folder.Models, .. parts]);
        return family == "sd15"
            ? store.LoadCheckpoint(Model("checkpoints", "tiny-sd15.safetensors")).Clip!
            : store.LoadClip(
                Model("text_encoders", "tiny-clip_l.safetensors"),
                Model("text_encoders", "tiny-t5xxl_fp16.safetensors")
            );
    }

    private static GoldenResult Check(
        string name,
        string key,
        string suffix,
        JToken golden,
        SafetensorsFile expected,
        Clip clip
    )
    {
        using var scope = new TensorScope();
        using var noGrad = Autograd.NoGrad();
        var encoded = (suffix.Length == 0 ? clip : clip with { LastLayer = -2 }).Encode((string)golden["prompt"]!);
        return GoldenResult.OfError(
            name,
            Math.Max(
                TensorComparison.ErrorOverStandardDeviation(encoded.Cond, expected.Load($"{key}.cond{suffix}")),
                TensorComparison.ErrorOverStandardDeviation(encoded.Pooled!, expected.Load($"{key}.pooled{suffix}"))
            ),
            Tolerance
        );
    }
}
