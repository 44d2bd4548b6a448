using NodeHost.Diffusion.Checkpoints;
using NodeHost.Tensors;
using NodeHost.Tests.Shared;

namespace NodeHost.Tests.Diffusion.Models;

[AssertNoLeakedTensors]
public sealed class ModelStoreTests
{
    [GoldenFact]
    public void LoadCheckpoint_SoundFiles_GiveAllPartsAndNoWarning()
    {
        using var store = GoldenStore.Open();
        foreach (var name in new[] { "tiny-sd15", "tiny-sd15-fp16", "tiny-sd15-bf16", "tiny-sd15-inpainting" })
        {
            var loaded = store.LoadCheckpoint(GoldenStore.Checkpoint(name));

            Assert.NotNull(loaded.Clip);
            Assert.Equal(4, loaded.Vae!.LatentChannels);
            Assert.Null(loaded.Warning);
        }
    }

    [GoldenFact]
    public void LoadCheckpoint_FileOfAnotherKind_SaysWhatWasExpectedAndFound()
    {
        using var store = GoldenStore.Open();

        var error = Assert.Throws<UnsupportedModelException>(() =>
            store.LoadCheckpoint(Golden.PathOf("models/vae/tiny-flux-ae.safetensors"))
        );

        Assert.Contains("expected a diffusion model, found AutoencoderKL 16 channels Autoencoder", error.Message);
    }

    [Fact]
    public void LoadVae_NoSuchFile_NamesThePath()
    {
        using var store = new NodeHost.Diffusion.Models.Store.ModelStore(
            new() { Tokenizers = new NodeHost.Diffusion.Text.Tokenization.TokenizerLocator([]) }
        );

        var error = Assert.Throws<FileNotFoundException>(() => store.LoadVae("nowhere.safetensors"));

        Assert.Contains("nowhere.safetensors", error.Message);
    }

    [GoldenFact]
    public void Decode_LatentOfAnotherFamily_NamesExpectedAndGiven()
    {
        using var store = GoldenStore.Open();
        using var scope = new TensorScope();
        var vae = store.LoadCheckpoint(GoldenStore.Checkpoint("tiny-sd15")).Vae!;

        var error = Assert.Throws<ArgumentException>(() => vae.Decode(Tensor.Zeros([1, 16, 8, 8])));

        Assert.Contains("expected a latent [B, 4, h, w], got [1, 16, 8, 8]", error.Message);
    }
}
