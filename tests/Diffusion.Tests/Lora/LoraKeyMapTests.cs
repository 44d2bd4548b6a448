using NodeHost.Diffusion.Lora;

namespace NodeHost.Tests.Diffusion.Lora;

public sealed class LoraKeyMapTests
{
    private static readonly Dictionary<string, IReadOnlyList<long>> FluxShapes = new()
    {
        ["double_blocks.0.img_attn.qkv.weight"] = [9, 3],
        ["double_blocks.0.txt_attn.qkv.weight"] = [9, 3],
        ["double_blocks.0.img_attn.proj.weight"] = [3, 3],
        ["single_blocks.0.linear1.weight"] = [21, 3],
        ["final_layer.adaLN_modulation.1.weight"] = [6, 3],
        ["img_in.weight"] = [3, 64],
    };

    [Theory]
    [InlineData("input_blocks.0.0", "conv_in")]
    [InlineData(
        "input_blocks.1.1.transformer_blocks.0.attn2.to_k",
        "down_blocks_0_attentions_0_transformer_blocks_0_attn2_to_k"
    )]
    [InlineData("input_blocks.3.0.op", "down_blocks_0_downsamplers_0_conv")]
    [InlineData("input_blocks.4.0.in_layers.2", "down_blocks_1_resnets_0_conv1")]
    [InlineData("input_blocks.4.0.skip_connection", "down_blocks_1_resnets_0_conv_shortcut")]
    [InlineData("input_blocks.11.0.emb_layers.1", "down_blocks_3_resnets_1_time_emb_proj")]
    [InlineData("middle_block.0.out_layers.3", "mid_block_resnets_0_conv2")]
    [InlineData("middle_block.1.proj_in", "mid_block_attentions_0_proj_in")]
    [InlineData("middle_block.2.in_layers.2", "mid_block_resnets_1_conv1")]
    [InlineData("output_blocks.2.1.conv", "up_blocks_0_upsamplers_0_conv")]
    [InlineData(
        "output_blocks.5.1.transformer_blocks.0.attn2.to_v",
        "up_blocks_1_attentions_2_transformer_blocks_0_attn2_to_v"
    )]
    [InlineData("output_blocks.5.2.conv", "up_blocks_1_upsamplers_0_conv")]
    [InlineData("out.2", "conv_out")]
    [InlineData("time_embed.2", "time_embedding_linear_2")]
    public void ForUNet_KohyaNameOfDiffusersLayer_FindsTheOriginalWeight(string layer, string kohya)
    {
        var map = LoraKeyMap.ForUNet([$"{layer}.weight", $"{layer}.bias"]);

        Assert.Equal(new LoraTarget($"{layer}.weight"), Assert.Single(map.Find($"lora_unet_{kohya}")));
    }

    [Theory]
    [InlineData("lora_unet_mid_block_attentions_0_transformer_blocks_0_attn1_to_out_0")]
    [InlineData("lora_unet_middle_block_1_transformer_blocks_0_attn1_to_out_0")]
    [InlineData("unet.mid_block.attentions.0.transformer_blocks.0.attn1.to_out.0")]
    [InlineData("mid_block.attentions.0.transformer_blocks.0.attn1.processor.to_out")]
    [InlineData("unet.mid_block.attentions.0.transformer_blocks.0.attn1.processor.to_out")]
    [InlineData("base_model.model.mid_block.attentions.0.transformer_blocks.0.attn1.to_out.0")]
    [InlineData("diffusion_model.middle_block.1.transformer_blocks.0.attn1.to_out.0")]
    public void ForUNet_EveryFormat_FindsTheWeight(string name)
    {
        const string weight = "middle_block.1.transformer_blocks.0.attn1.to_out.0.weight";

        Assert.Equal(weight, Assert.Single(LoraKeyMap.ForUNet([weight]).Find(name)).Weight);
    }

    [Theory]
    [InlineData("transformer.transformer_blocks.0.attn.to_k", "double_blocks.0.img_attn.qkv.weight", 3, 3)]
    [InlineData("transformer.transformer_blocks.0.attn.add_v_proj", "double_blocks.0.txt_attn.qkv.weight", 6, 3)]
    [InlineData("lora_transformer_single_transformer_blocks_0_attn_to_q", "single_blocks.0.linear1.weight", 0, 3)]
    [InlineData("base_model.model.single_transformer_blocks.0.proj_mlp", "single_blocks.0.linear1.weight", 9, 12)]
    public void ForFlux_SplitLayer_IsARowRange(string name, string weight, long start, long length)
    {
        var target = Assert.Single(LoraKeyMap.ForFlux(FluxShapes).Find(name));

        Assert.Equal(new LoraTarget(weight, new LoraRows(start, length)), target);
    }

    [Theory]
    [InlineData("double_blocks.0.img_attn.qkv")]
    [InlineData("diffusion_model.double_blocks.0.img_attn.qkv")]
    [InlineData("lora_unet_double_blocks_0_img_attn_qkv")]
    public void ForFlux_OriginalName_IsTheWholeWeight(string name)
    {
        var target = Assert.Single(LoraKeyMap.ForFlux(FluxShapes).Find(name));

        Assert.Equal(new LoraTarget("double_blocks.0.img_attn.qkv.weight"), target);
    }

    [Fact]
    public void ForFlux_FinalModulation_SwapsScaleAndShift()
    {
        var targets = LoraKeyMap.ForFlux(FluxShapes).Find("transformer.norm_out.linear");

        Assert.Equal([new LoraRows(3, 3, 0), new LoraRows(0, 3, 3)], targets.Select(target => target.Rows));
    }

    [Fact]
    public void ForTextEncoders_TrainersPrefixes_FindTheWeight()
    {
        var clip = LoraKeyMap.ForClipL(["text_model.encoder.layers.0.mlp.fc1.weight"]);
        var t5 = LoraKeyMap.ForT5(["encoder.block.0.layer.0.SelfAttention.q.weight"]);

        Assert.Single(clip.Find("lora_te_text_model_encoder_layers_0_mlp_fc1"));
        Assert.Single(clip.Find("lora_te1_text_model_encoder_layers_0_mlp_fc1"));
        Assert.Single(clip.Find("text_encoder.text_model.encoder.layers.0.mlp.fc1"));
        Assert.Empty(clip.Find("lora_te2_text_model_encoder_layers_0_mlp_fc1"));
        Assert.Single(t5.Find("lora_te3_encoder_block_0_layer_0_SelfAttention_q"));
    }
}
