using NodeHost.Diffusion.Checkpoints;
using NodeHost.Diffusion.Conditions;
using NodeHost.Diffusion.Lora;
using NodeHost.Diffusion.Sampling;
using NodeHost.Diffusion.Sampling.Parameterizations;
using NodeHost.Tensors;
using NodeHost.Tests.Diffusion.Networks;
using NodeHost.Tests.Shared;

namespace NodeHost.Tests.Diffusion.Checkpoints;

[AssertNoLeakedTensors]
public sealed class SdxlFamilyTests
{
    private const string Prefix = "model.diffusion_model.";

    [Fact]
    public void Recognise_Base_IsTheFullSizeModel() => Check(new(), "SDXL base Diffusion", SizeConditioning.SdxlBase);

    [Fact]
    public void Recognise_Refiner_IsToldFromTheBaseByItsVector() =>
        Check(SdxlShapes.Refiner, "SDXL refiner Diffusion", SizeConditioning.SdxlRefiner);

    [Theory]
    [InlineData(9, "SDXL base inpainting Diffusion")]
    [InlineData(8, "SDXL base instruct-pix2pix Diffusion")]
    public void Recognise_MoreInputs_NamesTheVariant(long inputs, string name) =>
        Check(new() { Inputs = inputs }, name, SizeConditioning.SdxlBase);

    [Theory]
    [InlineData("", "SDXL base Diffusion")]
    [InlineData("unet.", "SDXL base Diffusion")]
    public void Audit_DiffusersNamesOfFullSize_AsksForEveryKeyOnce(string prefix, string name)
    {
        var keys = SdxlShapes
            .Of(new())
            .ToDictionary(
                entry =>
                {
                    var dot = entry.Key.LastIndexOf('.');
                    return prefix + UNetLayerNames.ToDiffusers(entry.Key[Prefix.Length..dot]) + entry.Key[dot..];
                },
                entry => new WeightInfo(DType.Float16, entry.Value)
            );

        var audit = CheckpointAudit.Of(new ShapeSource("unet", keys));

        Assert.Equal(name, Assert.Single(audit.Parts).ToString());
        Assert.Empty(audit.LeftOver);
        Assert.Equal(keys.Keys.Order(), audit.Asked.Keys.Order());
        Assert.All(audit.Asked.Values, count => Assert.Equal(1, count));
    }

    [Fact]
    public void Audit_FullSizeRefinerFile_AsksForEveryKeyOnce()
    {
        var shapes = SdxlShapes
            .Of(SdxlShapes.Refiner)
            .Concat(SdxlShapes.ClipG(1280, 32, 49408, "conditioner.embedders.0.model."));

        var audit = CheckpointAudit.Of(Source([.. shapes]));

        Assert.Equal(["SDXL refiner Diffusion", "CLIP-G TextEncoder"], audit.Parts.Select(part => part.ToString()));
        Assert.Empty(audit.LeftOver);
        Assert.All(audit.Asked.Values, count => Assert.Equal(1, count));
    }

    [GoldenFact]
    public void Shapes_FullSizeBase_AreThoseOfThePublicFile()
    {
        var golden = Newtonsoft.Json.Linq.JObject.Parse(
            File.ReadAllText(Golden.PathOf("public/keys/sd_xl_base_1.0.safetensors.json"))
        );
        var expected = ((Newtonsoft.Json.Linq.JObject)golden["keys"]!)
            .Properties()
            .Where(key => key.Name.StartsWith(Prefix, StringComparison.Ordinal))
            .ToDictionary(key => key.Name, key => string.Join(',', key.Value[0]!.ToObject<long[]>()!));

        var shapes = SdxlShapes.Of(new()).ToDictionary(entry => entry.Key, entry => string.Join(',', entry.Value));

        Assert.Equal(expected.OrderBy(key => key.Key), shapes.OrderBy(key => key.Key));
    }

    [Theory]
    [InlineData("SDXL base Diffusion", 14.6146, false)]
    [InlineData("SDXL base v-prediction Diffusion", 14.6146, true, "v_pred")]
    [InlineData("SDXL base v-prediction zsnr Diffusion", 4518.76, true, "v_pred", "ztsnr")]
    [InlineData("SDXL base edm v-prediction Diffusion", 120, true, "edm_vpred.sigma_max", "edm_vpred.sigma_min")]
    public void Recognise_MarkedFile_SamplesAsItWasTrained(
        string name,
        double sigmaMax,
        bool isVelocity,
        params string[] marks
    )
    {
        using var scope = new TensorScope();
        var tensors = new Dictionary<string, Tensor>();
        foreach (var (key, shape) in SdxlShapes.Of(new()))
        {
            tensors[key] = Tensor.Empty(shape, device: Device.Meta);
        }
        foreach (var mark in marks)
        {
            tensors[mark] = Tensor.FromScalar(mark.EndsWith("max", StringComparison.Ordinal) ? 120 : 0.002);
        }

        var part = (DiffusionPart)Assert.Single(ModelFamilies.Recognise(RandomWeights.Holding(tensors)));
        var sampling = part.Sampling();

        Assert.Equal(name, part.ToString());
        Assert.Equal(sigmaMax, sampling.SigmaMax, sigmaMax * 1e-3);
        Assert.Equal(isVelocity, sampling.Prediction is VelocityPrediction);
        Assert.Equal(name.Contains("edm"), sampling is ContinuousModelSampling);
        Assert.Equal(name.Contains("edm"), part.LatentFormat.ScalesPictures);
        Assert.Equal(0.13025, part.LatentFormat.Scale);
    }

    [Theory]
    [InlineData(
        "lora_unet_input_blocks_4_1_transformer_blocks_0_attn1_to_q",
        "input_blocks.4.1.transformer_blocks.0.attn1.to_q"
    )]
    [InlineData("lora_unet_output_blocks_2_2_conv", "output_blocks.2.2.conv")]
    [InlineData("lora_unet_label_emb_0_0", "label_emb.0.0")]
    [InlineData(
        "lora_unet_down_blocks_1_attentions_0_transformer_blocks_1_attn2_to_k",
        "input_blocks.4.1.transformer_blocks.1.attn2.to_k"
    )]
    [InlineData(
        "unet.down_blocks.2.attentions.1.transformer_blocks.9.ff.net.0.proj",
        "input_blocks.8.1.transformer_blocks.9.ff.net.0.proj"
    )]
    [InlineData("unet.up_blocks.0.attentions.2.proj_in", "output_blocks.2.1.proj_in")]
    [InlineData("unet.up_blocks.0.upsamplers.0.conv", "output_blocks.2.2.conv")]
    [InlineData("unet.up_blocks.2.resnets.2.conv_shortcut", "output_blocks.8.0.skip_connection")]
    [InlineData("unet.add_embedding.linear_1", "label_emb.0.0")]
    [InlineData(
        "unet.mid_block.attentions.0.transformer_blocks.3.attn1.processor.to_v",
        "middle_block.1.transformer_blocks.3.attn1.to_v"
    )]
    public void LoraNames_Unet_FindTheWeight(string name, string layer) =>
        Assert.Equal(
            $"{layer}.weight",
            Assert
                .Single(LoraKeyMap.For(Target(SdxlShapes.Of(new(), ""), ModelRole.Diffusion, "SDXL")).Find(name))
                .Weight
        );

    [Theory]
    [InlineData("lora_te1_text_model_encoder_layers_3_self_attn_q_proj", "l")]
    [InlineData("text_encoder.text_model.encoder.layers.3.self_attn.q_proj", "l")]
    [InlineData("lora_te2_text_model_encoder_layers_3_self_attn_q_proj", "g")]
    [InlineData("text_encoder_2.text_model.encoder.layers.3.self_attn.q_proj", "g")]
    public void LoraNames_TextEncoders_FindTheirOwn(string name, string encoder)
    {
        var source = Source([
            .. SdxlShapes.Of(new()),
            .. SdxlShapes.ClipL(768, 12, 49408),
            .. SdxlShapes.ClipG(1280, 32, 49408),
        ]);
        var found = ModelFamilies
            .Recognise(source)
            .Where(part => LoraKeyMap.For(part.Target).Find(name).Count > 0)
            .ToArray();

        Assert.Equal(encoder, ((TextEncoderPart)Assert.Single(found)).Encoder);
        Assert.Equal(
            "text_model.encoder.layers.3.self_attn.q_proj.weight",
            LoraKeyMap.For(found[0].Target).Find(name)[0].Weight
        );
    }

    [Theory]
    [InlineData("lora_te_text_model_encoder_layers_3_self_attn_q_proj", true)]
    [InlineData("lora_te2_text_model_encoder_layers_3_self_attn_q_proj", true)]
    [InlineData("text_encoder.text_model.encoder.layers.3.self_attn.q_proj", true)]
    [InlineData("text_encoder_2.text_model.encoder.layers.3.self_attn.q_proj", true)]
    [InlineData("lora_te1_text_model_encoder_layers_3_self_attn_q_proj", false)]
    public void LoraNames_RefinersOnlyTextEncoder_AreThoseWithoutANumberToo(string name, bool isFound)
    {
        var source = Source([
            .. SdxlShapes.Of(SdxlShapes.Refiner),
            .. SdxlShapes.ClipG(1280, 32, 49408, "conditioner.embedders.0.model."),
        ]);
        var encoder = Assert.Single(ModelFamilies.Recognise(source).OfType<TextEncoderPart>());

        Assert.Equal("g", encoder.Encoder);
        Assert.Equal(isFound ? 1 : 0, LoraKeyMap.For(encoder.Target).Find(name).Count);
    }

    private static void Check(SdxlShapes.UNet net, string name, SizeConditioning sizes)
    {
        var audit = CheckpointAudit.Of(Source([.. SdxlShapes.Of(net)]));

        var part = (DiffusionPart)Assert.Single(audit.Parts);
        Assert.Equal(name, part.ToString());
        Assert.Same(sizes, part.Sizes);
        Assert.Empty(audit.LeftOver);
    }

    private static WeightTarget Target(Dictionary<string, long[]> shapes, ModelRole role, string part) =>
        new(role, part, shapes.ToDictionary(entry => entry.Key, entry => new WeightInfo(DType.Float16, entry.Value)));

    private static ShapeSource Source(IEnumerable<KeyValuePair<string, long[]>> shapes) =>
        new(
            "file.safetensors",
            shapes.ToDictionary(entry => entry.Key, entry => new WeightInfo(DType.Float16, entry.Value))
        );
}
