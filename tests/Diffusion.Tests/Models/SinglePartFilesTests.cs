using NodeHost.Diffusion.Checkpoints;
using NodeHost.Diffusion.Models;
using NodeHost.Diffusion.Models.Store;
using NodeHost.Diffusion.Text.Tokenization;
using NodeHost.Tensors;
using NodeHost.Tensors.Safetensors;
using NodeHost.Tests.Shared;

namespace NodeHost.Tests.Diffusion.Models;

/// <summary>One network of a checkpoint in a file of its own, under every name people cut it out with.</summary>
[AssertNoLeakedTensors]
public sealed class SinglePartFilesTests : IDisposable
{
    private const string UNet = "model.diffusion_model.";
    private const string Autoencoder = "first_stage_model.";
    private const string Clip = "cond_stage_model.transformer.";

    private static readonly string Checkpoint = Repository.Model("checkpoints/nodehost-tiny-sd15.safetensors");

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData(UNet)]
    public void LoadDiffusionModel_UNetAlone_PredictsWhatTheCheckpointDoes(string prefix)
    {
        using var scope = new TensorScope();
        using var store = Open();
        var path = Cut(UNet, key => prefix + key);

        var alone = store.LoadDiffusionModel(path);

        Assert.Equal(Predict(store.LoadDiffusionModel(Checkpoint)), Predict(alone));
        AssertNothingLeftOver(path);
    }

    [Theory]
    [InlineData("")]
    [InlineData(Autoencoder)]
    [InlineData("vae.")]
    public void LoadVae_AutoencoderAlone_DecodesWhatTheCheckpointDoes(string prefix)
    {
        using var scope = new TensorScope();
        using var store = Open();
        var path = Cut(Autoencoder, key => prefix + key);
        using var generator = new Generator(1);
        var latent = Tensor.Randn([1, 4, 8, 8], generator);

        var alone = store.LoadVae(path).Decode(latent).ToArray<float>();

        Assert.Equal(store.LoadVae(Checkpoint).Decode(latent).ToArray<float>(), alone);
        AssertNothingLeftOver(path);
    }

    [Theory]
    [InlineData("")]
    [InlineData(Clip)]
    [InlineData("text_encoders.clip_l.transformer.")]
    [InlineData("bare")]
    public void LoadClip_TextEncoderAlone_EncodesWhatTheCheckpointDoes(string prefix)
    {
        using var scope = new TensorScope();
        using var store = Open();
        var path = Cut(Clip, key => prefix == "bare" ? key.Replace("text_model.", "") : prefix + key);

        var alone = store.LoadClip(path).Encode("a lighthouse").Cond.ToArray<float>();

        Assert.Equal(store.LoadCheckpoint(Checkpoint).Clip!.Encode("a lighthouse").Cond.ToArray<float>(), alone);
        AssertNothingLeftOver(path);
    }

    [Fact]
    public void Load_PartThatIsNotThere_SaysWhatIs()
    {
        using var scope = new TensorScope();
        using var store = Open();
        var (unet, vae, clip) = (Cut(UNet, key => key), Cut(Autoencoder, key => key), Cut(Clip, key => key));

        Assert.Contains("found SD1.5", Refusal(() => store.LoadVae(unet)));
        Assert.Contains("found AutoencoderKL", Refusal(() => store.LoadClip(vae)));
        Assert.Contains("expected a diffusion model, found CLIP-L", Refusal(() => store.LoadDiffusionModel(clip)));
        Assert.Contains("expected a diffusion model, found AutoencoderKL", Refusal(() => store.LoadCheckpoint(vae)));
    }

    private static string Refusal(Action load) => Assert.Throws<UnsupportedModelException>(load).Message;

    private static void AssertNothingLeftOver(string path)
    {
        using var file = WeightFiles.Open(path);
        Assert.Null(CheckpointAudit.Of(file).LeftOverWarning);
    }

    private string Cut(string prefix, Func<string, string> nameOf)
    {
        using var file = SafetensorsFile.Open(Checkpoint);
        var path = _folder.File($"{Guid.NewGuid():N}.safetensors");
        SafetensorsWriter.Save(
            path,
            file.Entries.Keys.Where(key => key.StartsWith(prefix, StringComparison.Ordinal))
                .ToDictionary(key => nameOf(key[prefix.Length..]), file.Load)
        );
        return path;
    }

    private static float[] Predict(DiffusionModel model)
    {
        using var scope = new TensorScope();
        using var noGrad = Autograd.NoGrad();
        using var generator = new Generator(3);
        var network = model.Source.Load([]);
        var input = new NetworkInput { Context = Tensor.Randn([1, 77, 16], generator) };
        return network.Forward(Tensor.Randn([1, 4, 8, 8], generator), Tensor.Full([1], 500), input).ToArray<float>();
    }

    private static ModelStore Open() =>
        new(
            new ModelStoreOptions
            {
                Tokenizers = new TokenizerLocator(
                    [Path.Combine(Repository.Root, "workflows", "models", "tokenizers")],
                    null
                ),
            }
        );
}
