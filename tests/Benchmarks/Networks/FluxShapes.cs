using NodeHost.Diffusion.Networks.Flux;

namespace NodeHost.Benchmarks.Networks;

/// <summary>A Flux transformer, layer by layer.</summary>
internal sealed class FluxShapes : ShapePlan
{
    private const long TimeWidth = 256;

    private readonly FluxConfig _config;

    /// <param name="config">Sizes.</param>
    /// <param name="imageTokens">Patches of the latent.</param>
    /// <param name="textTokens">Tokens of text.</param>
    public FluxShapes(FluxConfig config, long imageTokens, long textTokens)
    {
        _config = config;
        var (width, patch) = (config.Width, FluxConfig.PatchSize * FluxConfig.PatchSize);
        var tokens = imageTokens + textTokens;
        Layer("img_in", width, config.InputChannels * patch, imageTokens);
        Layer("txt_in", width, config.ContextWidth, textTokens);
        Embedder("time_in", TimeWidth);
        Embedder("vector_in", config.VectorWidth);
        if (config.HasGuidance)
        {
            Embedder("guidance_in", TimeWidth);
        }
        for (var block = 0; block < config.DoubleBlocks; block++)
        {
            Stream($"double_blocks.{block}.img", imageTokens);
            Stream($"double_blocks.{block}.txt", textTokens);
            Attention(1, tokens, tokens, width);
        }
        for (var block = 0; block < config.SingleBlocks; block++)
        {
            var name = $"single_blocks.{block}";
            Layer($"{name}.modulation.lin", 3 * width, width, 1);
            Layer($"{name}.linear1", 3 * width + config.FeedForwardWidth, width, tokens);
            HeadNorms($"{name}.norm");
            Attention(1, tokens, tokens, width);
            Layer($"{name}.linear2", width, width + config.FeedForwardWidth, tokens);
        }
        Layer("final_layer.adaLN_modulation.1", 2 * width, width, 1);
        Layer("final_layer.linear", config.OutputChannels * patch, width, imageTokens);
    }

    private void Embedder(string name, long inputs)
    {
        Layer($"{name}.in_layer", _config.Width, inputs, 1);
        Layer($"{name}.out_layer", _config.Width, _config.Width, 1);
    }

    private void Stream(string name, long tokens)
    {
        var width = _config.Width;
        Layer($"{name}_mod.lin", 6 * width, width, 1);
        Layer($"{name}_attn.qkv", 3 * width, width, tokens);
        HeadNorms($"{name}_attn.norm");
        Layer($"{name}_attn.proj", width, width, tokens);
        Layer($"{name}_mlp.0", _config.FeedForwardWidth, width, tokens);
        Layer($"{name}_mlp.2", width, _config.FeedForwardWidth, tokens);
    }

    private void HeadNorms(string name)
    {
        Add($"{name}.query_norm.scale", [_config.HeadWidth]);
        Add($"{name}.key_norm.scale", [_config.HeadWidth]);
    }
}
