using NodeHost.Tensors;
using NodeHost.Tensors.Safetensors;

namespace NodeHost.TinyModels;

/// <summary>A random LoRA of rank 4 in kohya's names for a few layers of an SD1.5 checkpoint (attention, feed-forward, convolution, text) or of Flux.</summary>
internal static class RandomLora
{
    private const ulong Seed = 20261122;
    private const long Rank = 4;

    private static readonly (string Module, string Layer)[] Layers =
    [
        (
            "lora_unet_down_blocks_0_attentions_0_transformer_blocks_0_attn1_to_q",
            "model.diffusion_model.input_blocks.1.1.transformer_blocks.0.attn1.to_q"
        ),
        (
            "lora_unet_down_blocks_0_attentions_0_transformer_blocks_0_ff_net_0_proj",
            "model.diffusion_model.input_blocks.1.1.transformer_blocks.0.ff.net.0.proj"
        ),
        ("lora_unet_down_blocks_1_resnets_0_conv1", "model.diffusion_model.input_blocks.4.0.in_layers.2"),
        (
            "lora_unet_mid_block_attentions_0_transformer_blocks_0_attn2_to_k",
            "model.diffusion_model.middle_block.1.transformer_blocks.0.attn2.to_k"
        ),
        (
            "lora_unet_up_blocks_1_attentions_2_transformer_blocks_0_attn2_to_v",
            "model.diffusion_model.output_blocks.5.1.transformer_blocks.0.attn2.to_v"
        ),
        ("lora_unet_up_blocks_3_attentions_2_proj_in", "model.diffusion_model.output_blocks.11.1.proj_in"),
        (
            "lora_te_text_model_encoder_layers_0_self_attn_q_proj",
            "cond_stage_model.transformer.text_model.encoder.layers.0.self_attn.q_proj"
        ),
        (
            "lora_te_text_model_encoder_layers_1_mlp_fc1",
            "cond_stage_model.transformer.text_model.encoder.layers.1.mlp.fc1"
        ),
    ];

    private static readonly (string Module, string Layer)[] FluxLayers =
    [
        ("lora_unet_double_blocks_0_img_attn_qkv", "double_blocks.0.img_attn.qkv"),
        ("lora_unet_double_blocks_0_txt_mlp_0", "double_blocks.0.txt_mlp.0"),
        ("lora_unet_single_blocks_0_linear1", "single_blocks.0.linear1"),
        ("lora_unet_single_blocks_1_linear2", "single_blocks.1.linear2"),
    ];

    public static string Save(string checkpointPath, string outputPath)
    {
        using var checkpoint = SafetensorsFile.Open(checkpointPath);
        using var generator = new Generator(Seed);
        using var scope = new TensorScope();
        var tensors = new Dictionary<string, Tensor>();
        foreach (var (module, layer) in checkpoint.Contains("img_in.weight") ? FluxLayers : Layers)
        {
            long[] shape = [.. checkpoint.Entries[$"{layer}.weight"].Shape];
            var inputs = shape.Skip(1).Aggregate(1L, (product, size) => product * size);
            long[] down = [Rank, .. shape[1..]];
            long[] up = [shape[0], Rank, .. shape[2..].Select(_ => 1L)];
            // As strong as the layer itself: an example must be seen.
            tensors[$"{module}.lora_down.weight"] = Half(Tensor.Randn(down, generator) / Math.Sqrt(inputs));
            tensors[$"{module}.lora_up.weight"] = Half(Tensor.Randn(up, generator) / Math.Sqrt(Rank));
            tensors[$"{module}.alpha"] = Half(Tensor.FromScalar(Rank));
        }
        return RandomWeights.Save(outputPath, tensors);
    }

    private static Tensor Half(Tensor tensor) => tensor.To(DType.Float16);
}
