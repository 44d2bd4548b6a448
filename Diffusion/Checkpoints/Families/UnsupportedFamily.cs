namespace NodeHost.Diffusion.Checkpoints.Families;

/// <summary>An architecture that is known by a telling key and refused by name.</summary>
internal sealed record UnsupportedFamily(string Name, params string[] Markers)
{
    /// <summary>The more telling ones first.</summary>
    public static IReadOnlyList<UnsupportedFamily> All { get; } =
    [
        new("Playground v2.5", "edm_mean"),
        new("Stable Diffusion 3", "joint_blocks.0.x_block.attn.qkv.weight"),
        new("Stable Cascade", "clip_txt_mapper.weight", "clf.1.weight"),
        new("PixArt", "pos_embed", "blocks.0.scale_shift_table"),
        new("HunyuanVideo", "txt_in.individual_token_refiner.blocks.0.norm1.weight"),
        new("AuraFlow", "double_layers.0.attn.w1q.weight"),
        new("Chroma", "distilled_guidance_layer.norms.0.scale"),
        new("Wan", "blocks.0.cross_attn.norm_k.weight", "head.modulation"),
        new("LTX-Video", "adaln_single.emb.timestep_embedder.linear_1.weight"),
        new("Lumina 2", "cap_embedder.1.weight"),
        new("Qwen-Image", "transformer_blocks.0.img_mod.1.weight"),
        new("ControlNet", "controlnet_cond_embedding.conv_in.weight", "input_hint_block.0.weight"),
        new("OpenCLIP", "transformer.resblocks.0.attn.in_proj_weight"),
        new("the upscaler ESRGAN+", "RDB1.conv1x1.weight", "rdb1.conv1x1.weight"),
        new("the upscaler HAT", "residual_group.blocks.0.conv_block.cab.0.weight"),
        new("the upscaler SwinIR", "layers.0.residual_group.blocks.0.norm1.weight"),
        new("the upscaler DAT", "layers.0.blocks.0.attn.attns.0."),
        new("the upscaler OmniSR", "residual_layer.0.residual_layer."),
        new("the upscaler SPAN", "block_1.c1_r.sk.weight"),
        new("the upscaler Real-CUGAN", "unet1.conv1.conv.0.weight"),
        new("the upscaler PLKSR", "feats.1.channel_mixer"),
        new("LoRA adapter", "lora_unet_", ".lora_A.", ".lora_down.", ".lora_up."),
    ];

    public bool Matches(IWeightSource source) =>
        Markers.Any(marker => source.Entries.Keys.Any(key => key.Contains(marker, StringComparison.Ordinal)));
}
