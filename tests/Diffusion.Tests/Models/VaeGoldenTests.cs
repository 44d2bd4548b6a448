using NodeHost.Tensors;
using NodeHost.Tests.Diffusion.Networks;
using NodeHost.Tests.Shared;

namespace NodeHost.Tests.Diffusion.Models;

[AssertNoLeakedTensors]
public sealed class VaeGoldenTests
{
    [GoldenFact]
    public void Vae_PicturesAndLatents_MatchComfyUi()
    {
        using var store = GoldenStore.Open();
        using var scope = new TensorScope();
        var vae = store.LoadCheckpoint(GoldenStore.Checkpoint("tiny-sd15")).Vae!;
        foreach (var name in new[] { "vae_sd15_0", "vae_sd15_1" })
        {
            using var golden = new GoldenTensors($"public/forward/{name}.safetensors");
            golden.AssertClose("decoded", vae.Decode(golden["latent"]));
            golden.AssertClose("encoded", vae.Encode(golden["pixels"]));
        }
    }
}
