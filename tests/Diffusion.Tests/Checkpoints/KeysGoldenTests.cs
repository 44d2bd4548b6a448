using Newtonsoft.Json.Linq;
using NodeHost.Diffusion.Checkpoints;
using NodeHost.Tensors;
using NodeHost.Tests.Shared;

namespace NodeHost.Tests.Diffusion.Checkpoints;

[AssertNoLeakedTensors]
public sealed class KeysGoldenTests
{
    [GoldenFact]
    public void Audit_Sd15_AsksForEveryKeyOnce() => Check("v1-5-pruned-emaonly", "SD1.5 Diffusion");

    [GoldenFact]
    public void Audit_Sd15Inpainting_AsksForEveryKeyOnce() => Check("sd-v1-5-inpainting", "SD1.5 inpainting Diffusion");

    [GoldenFact]
    public void Audit_Sd15Autoencoder_AsksForEveryKeyOnce() =>
        Check("vae-ft-mse-840000-ema-pruned", "AutoencoderKL 4 channels Autoencoder");

    [GoldenFact]
    public void Audit_FluxAutoencoder_AsksForEveryKeyOnce() => Check("ae", "AutoencoderKL 16 channels Autoencoder");

    [GoldenFact]
    public void Audit_ClipL_AsksForEveryKeyOnce() => Check("clip_l", "CLIP-L TextEncoder");

    [GoldenFact]
    public void Audit_ClipG_AsksForEveryKeyOnce() => Check("clip_g", "CLIP-G TextEncoder");

    [GoldenFact]
    public void Audit_SdxlBase_AsksForEveryKeyOnce() =>
        Check(
            "sd_xl_base_1.0",
            "SDXL base Diffusion",
            "AutoencoderKL 4 channels Autoencoder",
            "CLIP-L TextEncoder",
            "CLIP-G TextEncoder"
        );

    [GoldenFact]
    public void Audit_T5_AsksForEveryKeyOnce() => Check("t5xxl_fp16", "T5 TextEncoder");

    [GoldenFact]
    public void Audit_FluxDev_AsksForEveryKeyOnce() => Check("flux1-dev", "Flux dev Diffusion");

    [GoldenFact]
    public void Audit_FluxKontext_AsksForEveryKeyOnce() => Check("flux1-kontext-dev", "Flux dev Diffusion");

    [GoldenFact]
    public void Audit_FluxSchnell_AsksForEveryKeyOnce() => Check("flux1-schnell", "Flux schnell Diffusion");

    [GoldenFact]
    public void Audit_FluxFill_AsksForEveryKeyOnce() => Check("flux1-fill-dev", "Flux fill Diffusion");

    private static void Check(string file, params string[] parts)
    {
        var golden = JObject.Parse(File.ReadAllText(Golden.PathOf($"public/keys/{file}.safetensors.json")));
        var keys = Read((JObject)golden["keys"]!);
        var silent = Read((JObject)golden["also_seen"]!);
        var audit = CheckpointAudit.Of(
            new ShapeSource(file, keys.Concat(silent).ToDictionary(pair => pair.Key, pair => pair.Value))
        );
        Assert.Equal(parts, audit.Parts.Select(part => part.ToString()).Take(parts.Length));
        Assert.Empty(audit.LeftOver);
        Assert.Equal(keys.Keys.Order(), audit.Asked.Keys.Order());
        Assert.All(audit.Asked.Values, count => Assert.Equal(1, count));
    }

    private static Dictionary<string, WeightInfo> Read(JObject keys) =>
        keys.Properties()
            .ToDictionary(
                key => key.Name,
                key => new WeightInfo(ReadDType((string)key.Value[1]!), key.Value[0]!.ToObject<long[]>()!)
            );

    private static DType ReadDType(string name) =>
        name switch
        {
            "F32" => DType.Float32,
            "F16" => DType.Float16,
            "BF16" => DType.BFloat16,
            "I64" => DType.Int64,
            "I32" => DType.Int32,
            _ => throw new ArgumentException($"unknown type {name}"),
        };
}
