using NodeHost.Diffusion.Checkpoints;
using NodeHost.Diffusion.Networks.Autoencoder;
using NodeHost.Tensors;
using NodeHost.Tests.Shared;

namespace NodeHost.Tests.Diffusion.Networks;

[AssertNoLeakedTensors]
public sealed class AutoencoderGoldenTests
{
    [GoldenFact]
    public void Autoencoder_Sd15_MatchesComfyUi() =>
        Check("checkpoints/tiny-sd15", "first_stage_model.", "vae_sd15_0", "vae_sd15_1");

    [GoldenFact]
    public void Autoencoder_Flux_MatchesComfyUi() => Check("vae/tiny-flux-ae", "", "vae_flux_0", "vae_flux_1");

    private static void Check(string file, string prefix, params string[] cases)
    {
        using var scope = new TensorScope();
        using var source = SafetensorsSource.Open(Golden.PathOf($"models/{file}.safetensors"));
        using var weights = new WeightSet(source, DType.Float32, prefix);
        var network = new AutoencoderModel(weights.Root, AutoencoderConfig.From(weights.Root));
        Assert.Empty(weights.LeftOver);
        foreach (var name in cases)
        {
            using var golden = new GoldenTensors($"public/forward/{name}.safetensors");
            var decoded = network.Decode(golden["latent"]).Permute(0, 2, 3, 1);
            golden.AssertClose("decoded", ((decoded + 1) / 2).Clamp(0, 1));
            golden.AssertClose("encoded", network.Encode(golden["pixels"].Permute(0, 3, 1, 2) * 2 - 1));
        }
    }
}
