using NodeHost.Diffusion.Networks.UNet;

namespace NodeHost.Tests.Diffusion.Networks;

/// <summary>The keys and shapes of SD1.5's UNet, as its checkpoints have them.</summary>
internal static class UNetWeights
{
    public static Dictionary<string, long[]> Shapes(UNetConfig config)
    {
        var shapes = new Dictionary<string, long[]>();
        var (model, embedding) = (config.ModelChannels, config.ModelChannels * 4);
        Layer("time_embed.0", embedding, model);
        Layer("time_embed.2", embedding, embedding);
        Layer("input_blocks.0.0", model, config.InputChannels, 3);
        var skips = new Stack<long>([model]);
        var (channels, index) = (model, 1);
        for (var level = 0; level < config.Multipliers.Count; level++)
        {
            for (var block = 0; block < config.ResBlocks[level]; block++, index++)
            {
                channels = Block($"input_blocks.{index}", channels, level);
                skips.Push(channels);
            }
            if (level + 1 < config.Multipliers.Count)
            {
                Layer($"input_blocks.{index++}.0.op", channels, channels, 3);
                skips.Push(channels);
            }
        }
        Residual("middle_block.0", channels, channels);
        Transformer("middle_block.1", channels);
        Residual("middle_block.2", channels, channels);
        index = 0;
        for (var level = config.Multipliers.Count - 1; level >= 0; level--)
        {
            for (var block = 0; block <= config.ResBlocks[level]; block++, index++)
            {
                channels = Block($"output_blocks.{index}", channels + skips.Pop(), level);
                if (level > 0 && block == config.ResBlocks[level])
                {
                    var place = config.TransformerDepths[level] > 0 ? 2 : 1;
                    Layer($"output_blocks.{index}.{place}.conv", channels, channels, 3);
                }
            }
        }
        Norm("out.0", model);
        Layer("out.2", config.OutputChannels, model, 3);
        return shapes;

        long Block(string name, long inputs, int level)
        {
            var outputs = model * config.Multipliers[level];
            Residual($"{name}.0", inputs, outputs);
            if (config.TransformerDepths[level] > 0)
            {
                Transformer($"{name}.1", outputs);
            }
            return outputs;
        }

        void Residual(string name, long inputs, long outputs)
        {
            Norm($"{name}.in_layers.0", inputs);
            Layer($"{name}.in_layers.2", outputs, inputs, 3);
            Layer($"{name}.emb_layers.1", outputs, embedding);
            Norm($"{name}.out_layers.0", outputs);
            Layer($"{name}.out_layers.3", outputs, outputs, 3);
            if (inputs != outputs)
            {
                Layer($"{name}.skip_connection", outputs, inputs, 1);
            }
        }

        void Transformer(string name, long width)
        {
            Norm($"{name}.norm", width);
            Layer($"{name}.proj_in", width, width, 1);
            Layer($"{name}.proj_out", width, width, 1);
            var block = $"{name}.transformer_blocks.0";
            foreach (var (attention, context) in new[] { ("attn1", width), ("attn2", config.ContextWidth) })
            {
                shapes[$"{block}.{attention}.to_q.weight"] = [width, width];
                shapes[$"{block}.{attention}.to_k.weight"] = [width, context];
                shapes[$"{block}.{attention}.to_v.weight"] = [width, context];
                Layer($"{block}.{attention}.to_out.0", width, width);
            }
            Layer($"{block}.ff.net.0.proj", width * 8, width);
            Layer($"{block}.ff.net.2", width, width * 4);
            foreach (var norm in new[] { "norm1", "norm2", "norm3" })
            {
                Norm($"{block}.{norm}", width);
            }
        }

        void Norm(string name, long width)
        {
            shapes[$"{name}.weight"] = [width];
            shapes[$"{name}.bias"] = [width];
        }

        void Layer(string name, long outputs, long inputs, int kernel = 0)
        {
            shapes[$"{name}.weight"] = kernel == 0 ? [outputs, inputs] : [outputs, inputs, kernel, kernel];
            shapes[$"{name}.bias"] = [outputs];
        }
    }
}
