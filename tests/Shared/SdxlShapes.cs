namespace NodeHost.Tests.Shared;

/// <summary>The keys and shapes of SDXL's checkpoints, written down independently of the loader.</summary>
internal static class SdxlShapes
{
    /// <summary>The numbers of a UNet; a level's transformers are <see cref="Depths"/> layers deep.</summary>
    public sealed record UNet
    {
        public long Inputs { get; init; } = 4;

        public long Channels { get; init; } = 320;

        public long[] Multipliers { get; init; } = [1, 2, 4];

        public int ResBlocks { get; init; } = 2;

        public int[] Depths { get; init; } = [0, 2, 10];

        public int MiddleDepth { get; init; } = 10;

        public long Context { get; init; } = 2048;

        public long Vector { get; init; } = 2816;

        public long Embedding { get; init; } = 1280;
    }

    public static UNet Refiner { get; } =
        new()
        {
            Channels = 384,
            Multipliers = [1, 2, 4, 4],
            Depths = [0, 4, 4, 0],
            MiddleDepth = 4,
            Context = 1280,
            Vector = 2560,
            Embedding = 1536,
        };

    public static Dictionary<string, long[]> Of(UNet net, string prefix = "model.diffusion_model.")
    {
        var shapes = new Dictionary<string, long[]>();
        Layer("time_embed.0", net.Embedding, net.Channels);
        Layer("time_embed.2", net.Embedding, net.Embedding);
        Layer("label_emb.0.0", net.Embedding, net.Vector);
        Layer("label_emb.0.2", net.Embedding, net.Embedding);
        Layer("input_blocks.0.0", net.Channels, net.Inputs, 3, 3);
        var widths = net.Multipliers.Select(factor => factor * net.Channels).ToArray();
        var skips = new Stack<long>([net.Channels]);
        var (width, number) = (net.Channels, 1);
        for (var level = 0; level < widths.Length; level++)
        {
            for (var block = 0; block < net.ResBlocks; block++, number++)
            {
                Residual($"input_blocks.{number}.0", width, widths[level]);
                Transformer($"input_blocks.{number}.1", widths[level], net.Depths[level]);
                width = widths[level];
                skips.Push(width);
            }
            if (level + 1 < widths.Length)
            {
                Layer($"input_blocks.{number++}.0.op", width, width, 3, 3);
                skips.Push(width);
            }
        }
        Residual("middle_block.0", width, width);
        Transformer("middle_block.1", width, net.MiddleDepth);
        Residual("middle_block.2", width, width);
        number = 0;
        for (var level = widths.Length - 1; level >= 0; level--)
        {
            for (var block = 0; block <= net.ResBlocks; block++, number++)
            {
                Residual($"output_blocks.{number}.0", width + skips.Pop(), widths[level]);
                Transformer($"output_blocks.{number}.1", widths[level], net.Depths[level]);
                width = widths[level];
                if (level > 0 && block == net.ResBlocks)
                {
                    Layer($"output_blocks.{number}.{(net.Depths[level] > 0 ? 2 : 1)}.conv", width, width, 3, 3);
                }
            }
        }
        Norm("out.0", net.Channels);
        Layer("out.2", 4, net.Channels, 3, 3);
        return shapes;

        void Residual(string name, long inputs, long outputs)
        {
            Norm($"{name}.in_layers.0", inputs);
            Layer($"{name}.in_layers.2", outputs, inputs, 3, 3);
            Layer($"{name}.emb_layers.1", outputs, net.Embedding);
            Norm($"{name}.out_layers.0", outputs);
            Layer($"{name}.out_layers.3", outputs, outputs, 3, 3);
            if (inputs != outputs)
            {
                Layer($"{name}.skip_connection", outputs, inputs, 1, 1);
            }
        }

        void Transformer(string name, long channels, int depth)
        {
            if (depth == 0)
            {
                return;
            }
            Norm($"{name}.norm", channels);
            Layer($"{name}.proj_in", channels, channels);
            Layer($"{name}.proj_out", channels, channels);
            for (var index = 0; index < depth; index++)
            {
                var layer = $"{name}.transformer_blocks.{index}";
                foreach (var (attention, given) in new[] { ("attn1", channels), ("attn2", net.Context) })
                {
                    Matrix($"{layer}.{attention}.to_q", channels, channels);
                    Matrix($"{layer}.{attention}.to_k", channels, given);
                    Matrix($"{layer}.{attention}.to_v", channels, given);
                    Layer($"{layer}.{attention}.to_out.0", channels, channels);
                }
                Layer($"{layer}.ff.net.0.proj", 8 * channels, channels);
                Layer($"{layer}.ff.net.2", channels, 4 * channels);
                Norm($"{layer}.norm1", channels);
                Norm($"{layer}.norm2", channels);
                Norm($"{layer}.norm3", channels);
            }
        }

        void Layer(string name, params long[] shape)
        {
            Matrix(name, shape);
            shapes[$"{prefix}{name}.bias"] = [shape[0]];
        }

        void Norm(string name, long channels) => Layer(name, channels);

        void Matrix(string name, params long[] shape) => shapes[$"{prefix}{name}.weight"] = shape;
    }

    /// <summary>CLIP-L as transformers lays it out.</summary>
    public static Dictionary<string, long[]> ClipL(
        long width,
        int layers,
        long vocabulary,
        string prefix = "conditioner.embedders.0.transformer."
    )
    {
        var text = $"{prefix}text_model.";
        var shapes = new Dictionary<string, long[]>
        {
            [$"{text}embeddings.token_embedding.weight"] = [vocabulary, width],
            [$"{text}embeddings.position_embedding.weight"] = [77, width],
        };
        Layer("final_layer_norm", width);
        for (var index = 0; index < layers; index++)
        {
            var layer = $"encoder.layers.{index}";
            Layer($"{layer}.layer_norm1", width);
            Layer($"{layer}.layer_norm2", width);
            foreach (var name in new[] { "q_proj", "k_proj", "v_proj", "out_proj" })
            {
                Layer($"{layer}.self_attn.{name}", width, width);
            }
            Layer($"{layer}.mlp.fc1", 4 * width, width);
            Layer($"{layer}.mlp.fc2", width, 4 * width);
        }
        return shapes;

        void Layer(string name, params long[] shape)
        {
            shapes[$"{text}{name}.weight"] = shape;
            shapes[$"{text}{name}.bias"] = [shape[0]];
        }
    }

    /// <summary>CLIP-G as OpenCLIP lays it out.</summary>
    public static Dictionary<string, long[]> ClipG(
        long width,
        int layers,
        long vocabulary,
        string prefix = "conditioner.embedders.1.model."
    )
    {
        var shapes = new Dictionary<string, long[]>
        {
            [$"{prefix}token_embedding.weight"] = [vocabulary, width],
            [$"{prefix}positional_embedding"] = [77, width],
            [$"{prefix}text_projection"] = [width, width],
            [$"{prefix}logit_scale"] = [],
        };
        Layer("ln_final", width);
        for (var index = 0; index < layers; index++)
        {
            var block = $"transformer.resblocks.{index}";
            Layer($"{block}.ln_1", width);
            Layer($"{block}.ln_2", width);
            shapes[$"{prefix}{block}.attn.in_proj_weight"] = [3 * width, width];
            shapes[$"{prefix}{block}.attn.in_proj_bias"] = [3 * width];
            Layer($"{block}.attn.out_proj", width, width);
            Layer($"{block}.mlp.c_fc", 4 * width, width);
            Layer($"{block}.mlp.c_proj", width, 4 * width);
        }
        return shapes;

        void Layer(string name, params long[] shape)
        {
            shapes[$"{prefix}{name}.weight"] = shape;
            shapes[$"{prefix}{name}.bias"] = [shape[0]];
        }
    }

    /// <summary>The autoencoder; one level is as wide as another.</summary>
    public static Dictionary<string, long[]> Autoencoder(
        long width,
        int levels,
        int resBlocks,
        string prefix = "first_stage_model."
    )
    {
        var shapes = new Dictionary<string, long[]>();
        foreach (var (side, blocks) in new[] { ("encoder", resBlocks), ("decoder", resBlocks + 1) })
        {
            var isEncoder = side == "encoder";
            Convolution($"{side}.conv_in", width, isEncoder ? 3 : 4, 3);
            for (var level = 0; level < levels; level++)
            {
                var place = $"{side}.{(isEncoder ? "down" : "up")}.{level}";
                for (var block = 0; block < blocks; block++)
                {
                    Residual($"{place}.block.{block}");
                }
                if (level != (isEncoder ? levels - 1 : 0))
                {
                    Convolution($"{place}.{(isEncoder ? "downsample" : "upsample")}.conv", width, width, 3);
                }
            }
            Residual($"{side}.mid.block_1");
            Residual($"{side}.mid.block_2");
            Norm($"{side}.mid.attn_1.norm");
            foreach (var name in new[] { "q", "k", "v", "proj_out" })
            {
                Convolution($"{side}.mid.attn_1.{name}", width, width, 1);
            }
            Norm($"{side}.norm_out");
            Convolution($"{side}.conv_out", isEncoder ? 8 : 3, width, 3);
        }
        Convolution("quant_conv", 8, 8, 1);
        Convolution("post_quant_conv", 4, 4, 1);
        return shapes;

        void Residual(string name)
        {
            Norm($"{name}.norm1");
            Convolution($"{name}.conv1", width, width, 3);
            Norm($"{name}.norm2");
            Convolution($"{name}.conv2", width, width, 3);
        }

        void Norm(string name)
        {
            shapes[$"{prefix}{name}.weight"] = [width];
            shapes[$"{prefix}{name}.bias"] = [width];
        }

        void Convolution(string name, long outputs, long inputs, long kernel)
        {
            shapes[$"{prefix}{name}.weight"] = [outputs, inputs, kernel, kernel];
            shapes[$"{prefix}{name}.bias"] = [outputs];
        }
    }
}
