using NodeHost.Diffusion.Networks.T5;

namespace NodeHost.Tests.Diffusion.Networks;

/// <summary>The keys and shapes of a T5 encoder, as its checkpoints have them.</summary>
internal static class T5Weights
{
    public static string Attention(int block) => $"encoder.block.{block}.layer.0.SelfAttention";

    public static Dictionary<string, long[]> Shapes(T5Config config)
    {
        var inner = config.Heads * config.HeadWidth;
        var shapes = new Dictionary<string, long[]>
        {
            ["shared.weight"] = [config.Vocabulary, config.Width],
            ["encoder.final_layer_norm.weight"] = [config.Width],
            [$"{Attention(0)}.relative_attention_bias.weight"] = [config.DistanceBuckets, config.Heads],
        };
        for (var block = 0; block < config.Layers; block++)
        {
            foreach (var name in new[] { "q", "k", "v" })
            {
                shapes[$"{Attention(block)}.{name}.weight"] = [inner, config.Width];
            }
            shapes[$"{Attention(block)}.o.weight"] = [config.Width, inner];
            var layer = $"encoder.block.{block}.layer";
            shapes[$"{layer}.0.layer_norm.weight"] = [config.Width];
            shapes[$"{layer}.1.layer_norm.weight"] = [config.Width];
            shapes[$"{layer}.1.DenseReluDense.wi_0.weight"] = [config.FeedForwardWidth, config.Width];
            shapes[$"{layer}.1.DenseReluDense.wi_1.weight"] = [config.FeedForwardWidth, config.Width];
            shapes[$"{layer}.1.DenseReluDense.wo.weight"] = [config.Width, config.FeedForwardWidth];
        }
        return shapes;
    }
}
