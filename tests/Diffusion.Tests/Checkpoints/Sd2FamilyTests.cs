using NodeHost.Diffusion.Checkpoints;
using NodeHost.Diffusion.Lora;
using NodeHost.Diffusion.Models;
using NodeHost.Diffusion.Models.Store;
using NodeHost.Diffusion.Sampling.Parameterizations;
using NodeHost.Diffusion.Saving;
using NodeHost.Diffusion.Text.Tokenization;
using NodeHost.Tensors;
using NodeHost.Tensors.Safetensors;
using NodeHost.Tests.Diffusion.Networks;
using NodeHost.Tests.Shared;

namespace NodeHost.Tests.Diffusion.Checkpoints;

/// <summary>Stable Diffusion 2: SDXL's blocks without a vector, SD1.5's autoencoder, ViT-H's text.</summary>
[AssertNoLeakedTensors]
public sealed class Sd2FamilyTests
{
    private const string Unet = "model.diffusion_model.";
    private const string Encoder = "cond_stage_model.model.";
    private const string Telling = Unet + "output_blocks.11.1.transformer_blocks.0.norm1.bias";

    private static readonly SdxlShapes.UNet Net = new()
    {
        Channels = 32,
        Multipliers = [1, 2, 2, 2],
        Depths = [1, 1, 1, 0],
        MiddleDepth = 1,
        Context = 32,
        Embedding = 32,
    };

    [Fact]
    public void UNet_Sd2_MatchesAPlainImplementation()
    {
        using var scope = new TensorScope();
        using var source = RandomWeights.Of(Shapes());
        using var generator = new Generator(2);
        var (x, context) = (Tensor.Randn([1, 4, 16, 16], generator), Tensor.Randn([1, 5, 32], generator));
        var part = (DiffusionPart)ModelFamilies.Recognise(source)[0];
        using var weights = part.Open([]);

        var actual = part.Network(weights.Root)
            .Forward(x, Tensor.Full([1], 300), new NetworkInput { Context = context });
        var plain = source
            .Tensors.Where(entry => entry.Key.StartsWith(Unet, StringComparison.Ordinal))
            .ToDictionary(entry => entry.Key[Unet.Length..], entry => entry.Value);
        var expected = new PlainUNet(plain, channels => Math.Max(1, channels / 64)).Forward(
            x,
            Tensor.Full([1], 300),
            context
        );

        Assert.Equal("SD2 Diffusion", part.ToString());
        Assert.Null(part.Sizes);
        Assert.True((actual - expected).Abs().Max().Item() <= 1e-4 * expected.Std().Item());
    }

    [Theory]
    [InlineData(0.05, false)]
    [InlineData(0.2, true)]
    public void Recognise_SpreadOfTheTellingBias_SaysWhatIsPredicted(double spread, bool isVelocity)
    {
        using var scope = new TensorScope();
        using var source = RandomWeights.Of(Shapes());
        // RandomWeights deviates by 0.05.
        source.Tensors[Telling].MultiplyInPlace(spread / 0.05);

        var part = (DiffusionPart)ModelFamilies.Recognise(source)[0];

        Assert.Equal(isVelocity, part.Sampling().Prediction is VelocityPrediction);
    }

    [Fact]
    public void Encode_Checkpoint_NormalisesBehindTheLastLayerButOneAndPadsWithZero()
    {
        using var folder = new TemporaryFolder();
        using var store = new ModelStore(new() { Tokenizers = new TokenizerLocator([Repository.Model("tokenizers")]) });
        using var scope = new TensorScope();
        using var source = RandomWeights.Of(Shapes());
        var path = Path.Combine(folder.Path, "sd2.safetensors");
        SafetensorsWriter.Save(
            path,
            source.Tensors.ToDictionary(entry => entry.Key, entry => entry.Value.To(DType.Float16))
        );
        var clip = store.LoadCheckpoint(path).Clip!;
        int[] ids = [.. clip.Tokenize("a red fox").Chunks["h"][0].Select(token => token.Id)];
        var weights = source
            .Tensors.Where(entry => entry.Key.StartsWith(Encoder, StringComparison.Ordinal))
            .ToDictionary(
                entry => entry.Key[Encoder.Length..],
                entry => entry.Value.To(DType.Float16).To(DType.Float32)
            );

        var encoded = clip.Encode("a red fox");

        var (hidden, _) = new PlainOpenClip(weights, 3, 1).Forward([.. ids.Select(id => (long)id)], 4);
        var expected = Functional.LayerNorm(hidden[1], weights["ln_final.weight"], weights["ln_final.bias"]);
        Assert.Equal(0, ids[^1]);
        Assert.True((encoded.Cond - expected).Abs().Max().Item() <= 1e-4 * expected.Std().Item());
        Assert.Single(LoraKeyMap.For(clip.Encoder.Targets[0]).Find("lora_te_text_model_encoder_layers_1_mlp_fc1"));
    }

    [Fact]
    public void Checkpoint_SavedAgain_HasTheKeysItWasReadFrom()
    {
        using var folder = new TemporaryFolder();
        using var store = new ModelStore(new() { Tokenizers = new TokenizerLocator([]) });
        using var scope = new TensorScope();
        using var source = RandomWeights.Of(Shapes());
        var path = Path.Combine(folder.Path, "sd2.safetensors");
        SafetensorsWriter.Save(path, source.Tensors);
        var (model, clip, vae, _) = store.LoadCheckpoint(path);

        var keys = ModelExport.Checkpoint(model, clip, vae).Select(weight => weight.Key);

        Assert.Equal(source.Entries.Keys.Order(), keys.Order());
    }

    private static Dictionary<string, long[]> Shapes() =>
        SdxlShapes
            .Of(Net)
            .Where(entry => !entry.Key.Contains("label_emb", StringComparison.Ordinal))
            .Concat(SdxlShapes.ClipG(32, 3, 1000, Encoder))
            .Concat(SdxlShapes.Autoencoder(32, 2, 1))
            .ToDictionary();
}
