using NodeHost.Diffusion.Networks.Flux;

namespace NodeHost.Tests.Diffusion.Networks;

/// <summary>The keys and shapes of a Flux transformer, as its checkpoints have them.</summary>
internal static class FluxWeights
{
    public static Dictionary<string, long[]> Shapes(FluxConfig config)
    {
        var shapes = new Dictionary<string, long[]>();
        var (width, hidden) = (config.Width, config.FeedForwardWidth);
        Linear("img_in", width, config.InputChannels * 4);
        Linear("txt_in", width, config.ContextWidth);
        Embedder("time_in", 256);
        Embedder("vector_in", config.VectorWidth);
        if (config.HasGuidance)
        {
            Embedder("guidance_in", 256);
        }
        for (var block = 0; block < config.DoubleBlocks; block++)
        {
            foreach (var stream in new[] { "img", "txt" })
            {
                Linear($"double_blocks.{block}.{stream}_mod.lin", 6 * width, width);
                Linear($"double_blocks.{block}.{stream}_attn.qkv", 3 * width, width);
                Linear($"double_blocks.{block}.{stream}_attn.proj", width, width);
                Linear($"double_blocks.{block}.{stream}_mlp.0", hidden, width);
                Linear($"double_blocks.{block}.{stream}_mlp.2", width, hidden);
                Norms($"double_blocks.{block}.{stream}_attn.norm");
            }
        }
        for (var block = 0; block < config.SingleBlocks; block++)
        {
            Linear($"single_blocks.{block}.linear1", 3 * width + hidden, width);
            Linear($"single_blocks.{block}.linear2", width, width + hidden);
            Linear($"single_blocks.{block}.modulation.lin", 3 * width, width);
            Norms($"single_blocks.{block}.norm");
        }
        Linear("final_layer.adaLN_modulation.1", 2 * width, width);
        Linear("final_layer.linear", config.OutputChannels * 4, width);
        return shapes;

        void Linear(string name, long rows, long columns)
        {
            shapes[$"{name}.weight"] = [rows, columns];
            shapes[$"{name}.bias"] = [rows];
        }

        void Embedder(string name, long inputs)
        {
            Linear($"{name}.in_layer", width, inputs);
            Linear($"{name}.out_layer", width, width);
        }

        void Norms(string name)
        {
            shapes[$"{name}.query_norm.scale"] = [config.HeadWidth];
            shapes[$"{name}.key_norm.scale"] = [config.HeadWidth];
        }
    }
}
