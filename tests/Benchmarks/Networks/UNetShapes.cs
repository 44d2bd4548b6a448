using NodeHost.Diffusion.Networks.UNet;

namespace NodeHost.Benchmarks.Networks;

/// <summary>The full-size SD1.5 UNet, layer by layer.</summary>
internal sealed class UNetShapes : ShapePlan
{
    private readonly UNetConfig _config;
    private readonly int _batch;
    private readonly int _tokens;
    private readonly long _embeddingWidth;

    /// <param name="config">Sizes; two residual blocks to a level, as in SD1.5.</param>
    /// <param name="batch">Samples.</param>
    /// <param name="size">Side of the latent.</param>
    /// <param name="tokens">Tokens of text.</param>
    public UNetShapes(UNetConfig config, int batch, long size, int tokens)
    {
        (_config, _batch, _tokens) = (config, batch, tokens);
        var model = config.ModelChannels;
        _embeddingWidth = model * 4;
        Layer("time_embed.0", _embeddingWidth, model, batch);
        Layer("time_embed.2", _embeddingWidth, _embeddingWidth, batch);
        Layer("input_blocks.0.0", model, config.InputChannels, Positions(size), kernel: 3);

        var skips = new Stack<long>([model]);
        var channels = model;
        var index = 1;
        for (var level = 0; level < config.Multipliers.Count; level++)
        {
            for (var block = 0; block < config.ResBlocks[level]; block++, index++)
            {
                channels = Block($"input_blocks.{index}", channels, level, size);
                skips.Push(channels);
            }
            if (level + 1 < config.Multipliers.Count)
            {
                size /= 2;
                Layer($"input_blocks.{index++}.0.op", channels, channels, Positions(size), kernel: 3);
                skips.Push(channels);
            }
        }

        Residual("middle_block.0", channels, channels, size);
        Transformer("middle_block.1", channels, size);
        Residual("middle_block.2", channels, channels, size);

        index = 0;
        for (var level = config.Multipliers.Count - 1; level >= 0; level--)
        {
            for (var block = 0; block <= config.ResBlocks[level]; block++, index++)
            {
                channels = Block($"output_blocks.{index}", channels + skips.Pop(), level, size);
                if (level > 0 && block == config.ResBlocks[level])
                {
                    size *= 2;
                    var position = config.TransformerDepths[level] > 0 ? 2 : 1;
                    Layer($"output_blocks.{index}.{position}.conv", channels, channels, Positions(size), kernel: 3);
                }
            }
        }
        Norm("out.0", model);
        Layer("out.2", config.OutputChannels, model, Positions(size), kernel: 3);
    }

    private double Positions(long size) => (double)_batch * size * size;

    private long Block(string name, long inputs, int level, long size)
    {
        var outputs = _config.ModelChannels * _config.Multipliers[level];
        Residual($"{name}.0", inputs, outputs, size);
        if (_config.TransformerDepths[level] > 0)
        {
            Transformer($"{name}.1", outputs, size);
        }
        return outputs;
    }

    private void Residual(string name, long inputs, long outputs, long size)
    {
        Norm($"{name}.in_layers.0", inputs);
        Layer($"{name}.in_layers.2", outputs, inputs, Positions(size), kernel: 3);
        Layer($"{name}.emb_layers.1", outputs, _embeddingWidth, _batch);
        Norm($"{name}.out_layers.0", outputs);
        Layer($"{name}.out_layers.3", outputs, outputs, Positions(size), kernel: 3);
        if (inputs != outputs)
        {
            Layer($"{name}.skip_connection", outputs, inputs, Positions(size), kernel: 1);
        }
    }

    private void Transformer(string name, long width, long size)
    {
        var positions = Positions(size);
        var block = $"{name}.transformer_blocks.0";
        Norm($"{name}.norm", width);
        Layer($"{name}.proj_in", width, width, positions, kernel: 1);
        foreach (
            var (attention, context, keys) in ((string, long, long)[])
                [("attn1", width, size * size), ("attn2", _config.ContextWidth, _tokens)]
        )
        {
            var contextPositions = (double)_batch * keys;
            Layer($"{block}.{attention}.to_q", width, width, positions, bias: false);
            Layer($"{block}.{attention}.to_k", width, context, contextPositions, bias: false);
            Layer($"{block}.{attention}.to_v", width, context, contextPositions, bias: false);
            Layer($"{block}.{attention}.to_out.0", width, width, positions);
            Attention(_batch, size * size, keys, width);
        }
        Layer($"{block}.ff.net.0.proj", width * 8, width, positions);
        Layer($"{block}.ff.net.2", width, width * 4, positions);
        foreach (var norm in (string[])["norm1", "norm2", "norm3"])
        {
            Norm($"{block}.{norm}", width);
        }
        Layer($"{name}.proj_out", width, width, positions, kernel: 1);
    }
}
