using NodeHost.Diffusion.Checkpoints;
using NodeHost.Diffusion.Lora;
using NodeHost.Diffusion.Models;
using NodeHost.Diffusion.Networks.Autoencoder;
using NodeHost.Diffusion.Networks.Clip;
using NodeHost.Diffusion.Networks.UNet;
using NodeHost.Tensors;
using NodeHost.Tensors.Safetensors;
using NodeHost.Tests.Shared;

namespace NodeHost.Tests.Diffusion.Networks;

/// <summary>SDXL's networks against implementations of their own, and in every layout against the original one.</summary>
[AssertNoLeakedTensors]
public sealed class SdxlNetworkTests
{
    private const string Prefix = "model.diffusion_model.";
    private const int Tokens = 7;

    private static readonly SdxlShapes.UNet Base = new()
    {
        Channels = 32,
        Multipliers = [1, 2, 4],
        Depths = [0, 1, 2],
        MiddleDepth = 2,
        Context = 48,
        Vector = (6 * 256) + 16,
        Embedding = 128,
    };
    private static readonly SdxlShapes.UNet Refiner = Base with
    {
        Multipliers = [1, 2, 2, 2],
        Depths = [0, 1, 1, 0],
        MiddleDepth = 1,
        Context = 32,
        Vector = (5 * 256) + 32,
    };

    public static TheoryData<string> Networks => ["base", "refiner", "inpainting"];

    [Theory]
    [MemberData(nameof(Networks))]
    public void UNet_Sdxl_MatchesAPlainImplementation(string kind)
    {
        using var scope = new TensorScope();
        using var source = RandomWeights.Of(SdxlShapes.Of(NetOf(kind)));

        var expected = Plain(source.Tensors, channels => Math.Max(1, channels / 64), NetOf(kind));
        var actual = Predict(source, NetOf(kind));

        AssertClose(expected, actual);
    }

    [Fact]
    public void UNet_WeightsOfSd15Shape_GiveSd15sPredictionInThePlainImplementation()
    {
        using var scope = new TensorScope();
        var net = Base with { Inputs = 4, Context = 16 };
        using var source = RandomWeights.Of(
            SdxlShapes
                .Of(net, "")
                .Where(entry => !entry.Key.StartsWith("label_emb", StringComparison.Ordinal))
                .ToDictionary(entry => entry.Key, entry => AsConvolution(entry.Key, entry.Value))
        );
        using var weights = new WeightSet(source);
        var (x, times, context, _) = Inputs(net);

        var model = new UNetModel(weights.Root, UNetConfig.From(weights.Root));
        var expected = new PlainUNet(source.Tensors, _ => 8).Forward(x, times, context);

        AssertClose(expected, model.Forward(x, times, new NetworkInput { Context = context }));
    }

    [GoldenFact]
    public void PlainImplementation_Sd15_MatchesComfyUi()
    {
        using var scope = new TensorScope();
        using var file = SafetensorsFile.Open(Golden.PathOf("models/checkpoints/tiny-sd15.safetensors"));
        var weights = file
            .Entries.Keys.Where(key => key.StartsWith(Prefix, StringComparison.Ordinal))
            .ToDictionary(key => key[Prefix.Length..], key => file.Load(key));
        using var golden = new GoldenTensors("public/forward/unet_sd15_0.safetensors");

        var output = new PlainUNet(weights, _ => 8).Forward(golden["x"], golden["timesteps"], golden["context"]);

        golden.AssertClose("out", output);
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void UNet_DiffusersNames_GivesTheOriginalsPrediction(string kind)
    {
        using var scope = new TensorScope();
        using var source = RandomWeights.Of(SdxlShapes.Of(NetOf(kind)));
        var diffusers = source.Tensors.ToDictionary(
            pair =>
            {
                var dot = pair.Key.LastIndexOf('.');
                return UNetLayerNames.ToDiffusers(pair.Key[Prefix.Length..dot]) + pair.Key[dot..];
            },
            pair => pair.Value
        );

        var expected = Predict(source, NetOf(kind));
        var actual = Predict(RandomWeights.Holding(diffusers), NetOf(kind));

        Assert.True(expected.IsEqualTo(actual));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ClipG_EitherLayout_MatchesAPlainOpenClip(bool isTransformers)
    {
        const int layers = 32;
        const long width = 64;
        using var scope = new TensorScope();
        using var open = RandomWeights.Of(SdxlShapes.ClipG(width, layers, 20, ""));
        IWeightSource source = isTransformers
            ? RandomWeights.Holding(InTransformersLayout(open.Tensors, layers))
            : open;
        var part = (TextEncoderPart)Assert.Single(ModelFamilies.Recognise(source));
        using var weights = new WeightSet(part.Source, prefix: part.Prefix);
        var model = (ClipTextModel)part.Network(weights.Root);
        long[] ids = [3, 1, 4, 15, 9, 2];

        var (hidden, pooled) = new PlainOpenClip(open.Tensors, layers, 1).Forward(ids, end: 4);
        var actual = model.Forward(model.Embed(Tensor.From(ids, 1, ids.Length)), [4], layers - 1, isNormalised: false);

        Assert.Equal("CLIP-G TextEncoder", part.ToString());
        AssertClose(hidden[^2], actual.Hidden);
        AssertClose(pooled, actual.Pooled);
        var plain = model.Forward(model.Embed(Tensor.From(ids, 1, ids.Length)), [4], isProjected: false).Pooled;
        AssertClose(pooled, Functional.Matmul(plain, open.Tensors["text_projection"]));
    }

    [Fact]
    public void Autoencoder_DiffusersNames_GivesTheOriginalsPicture()
    {
        using var scope = new TensorScope();
        using var source = RandomWeights.Of(SdxlShapes.Autoencoder(32, 2, 1, ""));
        using var generator = new Generator(3);
        var latent = Tensor.Randn([1, 4, 4, 4], generator);
        var pixels = Tensor.Randn([1, 3, 8, 8], generator);

        var diffusers = RandomWeights.Holding(InDiffusersLayout(source.Tensors));

        Assert.True(
            Run(source, model => model.Decode(latent)).IsEqualTo(Run(diffusers, model => model.Decode(latent)))
        );
        Assert.True(
            Run(source, model => model.Encode(pixels)).IsEqualTo(Run(diffusers, model => model.Encode(pixels)))
        );
    }

    private static SdxlShapes.UNet NetOf(string kind) =>
        kind switch
        {
            "refiner" => Refiner,
            "inpainting" => Base with { Inputs = 9 },
            _ => Base,
        };

    private static (Tensor X, Tensor Times, Tensor Context, Tensor Vector) Inputs(SdxlShapes.UNet net)
    {
        using var generator = new Generator(1);
        return (
            Tensor.Randn([2, net.Inputs, 16, 24], generator),
            Tensor.From([981f, 13f], 2),
            Tensor.Randn([2, Tokens, net.Context], generator),
            Tensor.Randn([2, net.Vector], generator)
        );
    }

    private static Tensor Plain(Dictionary<string, Tensor> tensors, Func<long, long> headsOf, SdxlShapes.UNet net)
    {
        var (x, times, context, vector) = Inputs(net);
        var weights = tensors.ToDictionary(pair => pair.Key[Prefix.Length..], pair => pair.Value);
        return new PlainUNet(weights, headsOf).Forward(x, times, context, vector);
    }

    private static Tensor Predict(IWeightSource source, SdxlShapes.UNet net)
    {
        var part = (DiffusionPart)Assert.Single(ModelFamilies.Recognise(source));
        using var weights = part.Open([]);
        var (x, times, context, vector) = Inputs(net);
        var input = new NetworkInput
        {
            Context = context,
            Pooled = vector,
            Concat = net.Inputs > 4 ? x.Slice(1, 4) : null,
        };
        return part.Network(weights.Root).Forward(x.Slice(1, 0, 4), times, input);
    }

    private static long[] AsConvolution(string key, long[] shape) =>
        key.EndsWith("proj_in.weight", StringComparison.Ordinal)
        || key.EndsWith("proj_out.weight", StringComparison.Ordinal)
            ? [.. shape, 1, 1]
            : shape;

    private static Dictionary<string, Tensor> InTransformersLayout(Dictionary<string, Tensor> open, int layers)
    {
        var tensors = new Dictionary<string, Tensor>
        {
            ["text_model.embeddings.token_embedding.weight"] = open["token_embedding.weight"],
            ["text_model.embeddings.position_embedding.weight"] = open["positional_embedding"],
            ["text_projection.weight"] = open["text_projection"].Transpose(0, 1),
        };
        Move("ln_final", "text_model.final_layer_norm");
        for (var index = 0; index < layers; index++)
        {
            var (from, to) = ($"transformer.resblocks.{index}", $"text_model.encoder.layers.{index}");
            Move($"{from}.ln_1", $"{to}.layer_norm1");
            Move($"{from}.ln_2", $"{to}.layer_norm2");
            Move($"{from}.mlp.c_fc", $"{to}.mlp.fc1");
            Move($"{from}.mlp.c_proj", $"{to}.mlp.fc2");
            Move($"{from}.attn.out_proj", $"{to}.self_attn.out_proj");
            foreach (var kind in new[] { "weight", "bias" })
            {
                var parts = open[$"{from}.attn.in_proj_{kind}"].Chunk(3, 0);
                tensors[$"{to}.self_attn.q_proj.{kind}"] = parts[0];
                tensors[$"{to}.self_attn.k_proj.{kind}"] = parts[1];
                tensors[$"{to}.self_attn.v_proj.{kind}"] = parts[2];
            }
        }
        return tensors;

        void Move(string from, string to)
        {
            tensors[$"{to}.weight"] = open[$"{from}.weight"];
            tensors[$"{to}.bias"] = open[$"{from}.bias"];
        }
    }

    /// <summary>diffusers' names of an autoencoder of two levels with one residual block each.</summary>
    private static Dictionary<string, Tensor> InDiffusersLayout(Dictionary<string, Tensor> original)
    {
        (string From, string To)[] names =
        [
            ("encoder.down.0.block.0", "encoder.down_blocks.0.resnets.0"),
            ("encoder.down.0.downsample.conv", "encoder.down_blocks.0.downsamplers.0.conv"),
            ("encoder.down.1.block.0", "encoder.down_blocks.1.resnets.0"),
            ("decoder.up.1.block.0", "decoder.up_blocks.0.resnets.0"),
            ("decoder.up.1.block.1", "decoder.up_blocks.0.resnets.1"),
            ("decoder.up.1.upsample.conv", "decoder.up_blocks.0.upsamplers.0.conv"),
            ("decoder.up.0.block.0", "decoder.up_blocks.1.resnets.0"),
            ("decoder.up.0.block.1", "decoder.up_blocks.1.resnets.1"),
            ("coder.mid.block_1", "coder.mid_block.resnets.0"),
            ("coder.mid.block_2", "coder.mid_block.resnets.1"),
            ("coder.mid.attn_1.norm", "coder.mid_block.attentions.0.group_norm"),
            ("coder.mid.attn_1.q", "coder.mid_block.attentions.0.to_q"),
            ("coder.mid.attn_1.k", "coder.mid_block.attentions.0.to_k"),
            ("coder.mid.attn_1.v", "coder.mid_block.attentions.0.to_v"),
            ("coder.mid.attn_1.proj_out", "coder.mid_block.attentions.0.to_out.0"),
            ("coder.norm_out", "coder.conv_norm_out"),
        ];
        return original.ToDictionary(
            pair => names.Aggregate(pair.Key, (key, name) => key.Replace($"{name.From}.", $"{name.To}.")),
            pair => pair.Key.Contains(".attn_1.") && pair.Value.Rank == 4 ? pair.Value.Reshape(32, 32) : pair.Value
        );
    }

    private static Tensor Run(IWeightSource source, Func<AutoencoderModel, Tensor> function)
    {
        var part = (AutoencoderPart)Assert.Single(ModelFamilies.Recognise(source));
        using var weights = new WeightSet(part.Source, prefix: part.Prefix);
        return function(new AutoencoderModel(weights.Root, part.Config));
    }

    private static void AssertClose(Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.Shape.ToArray(), actual.Shape.ToArray());
        var (difference, deviation) = ((actual - expected).Abs().Max().Item(), expected.Std().Item());
        Assert.True(deviation > 0);
        Assert.True(difference <= 1e-4 * deviation, $"{difference:G3} of {deviation:G3}");
    }
}
