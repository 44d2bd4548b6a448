using NodeHost.Diffusion.Checkpoints;
using NodeHost.Diffusion.Models;
using NodeHost.Diffusion.Networks.Flux;
using NodeHost.Tensors;
using NodeHost.Tests.Diffusion.Networks;

namespace NodeHost.Tests.Diffusion.Checkpoints;

[AssertNoLeakedTensors]
public sealed class FluxDiffusersSourceTests
{
    private const int Width = 32;

    private static readonly FluxConfig Config = new()
    {
        Width = Width,
        HeadWidth = Width,
        FeedForwardWidth = 64,
        ContextWidth = Width,
        VectorWidth = Width,
        DoubleBlocks = 1,
        SingleBlocks = 1,
    };

    [Fact]
    public void Recognise_DiffusersNames_GivesTheOriginalsPrediction()
    {
        using var scope = new TensorScope();
        using var original = RandomWeights.Of(FluxWeights.Shapes(Config));
        var diffusers = RandomWeights.Holding(Rename(original.Tensors));

        var expected = Predict(original);
        var actual = Predict(diffusers);

        Assert.True(expected.IsEqualTo(actual));
        Assert.True(expected.Abs().Max().Item() > 0);
    }

    [Fact]
    public void Audit_DiffusersNamesWithAStrayKey_NamesTheKey()
    {
        using var scope = new TensorScope();
        using var original = RandomWeights.Of(FluxWeights.Shapes(Config));
        var tensors = Rename(original.Tensors);
        tensors["transformer_blocks.0.attn.extra.weight"] = Tensor.Zeros([2]);

        var audit = CheckpointAudit.Of(RandomWeights.Holding(tensors));

        Assert.Equal("Flux dev Diffusion", audit.Parts[0].ToString());
        Assert.Equal(["transformer_blocks.0.attn.extra.weight"], audit.LeftOver);
    }

    private static Tensor Predict(IWeightSource source)
    {
        var part = (DiffusionPart)ModelFamilies.Recognise(source)[0];
        using var weights = part.Open([]);
        using var generator = new Generator(1);
        var input = new NetworkInput
        {
            Context = Tensor.Randn([1, 3, Width], generator),
            Pooled = Tensor.Randn([1, Width], generator),
            Guidance = Tensor.Full([1], 3.5),
        };
        return part.Network(weights.Root).Forward(Tensor.Randn([1, 16, 4, 6], generator), Tensor.Full([1], 0.5), input);
    }

    /// <summary>diffusers' layout, written down here independently of the loader's tables.</summary>
    private static Dictionary<string, Tensor> Rename(Dictionary<string, Tensor> original)
    {
        var tensors = new Dictionary<string, Tensor>();
        Move("img_in", "x_embedder");
        Move("txt_in", "context_embedder");
        foreach (
            var (from, to) in new[] { ("time_in", "timestep"), ("guidance_in", "guidance"), ("vector_in", "text") }
        )
        {
            Move($"{from}.in_layer", $"time_text_embed.{to}_embedder.linear_1");
            Move($"{from}.out_layer", $"time_text_embed.{to}_embedder.linear_2");
        }
        const string block = "transformer_blocks.0";
        Move("double_blocks.0.img_mod.lin", $"{block}.norm1.linear");
        Move("double_blocks.0.txt_mod.lin", $"{block}.norm1_context.linear");
        Split("double_blocks.0.img_attn.qkv", $"{block}.attn.", "to_q", "to_k", "to_v");
        Split("double_blocks.0.txt_attn.qkv", $"{block}.attn.", "add_q_proj", "add_k_proj", "add_v_proj");
        Move("double_blocks.0.img_attn.proj", $"{block}.attn.to_out.0");
        Move("double_blocks.0.txt_attn.proj", $"{block}.attn.to_add_out");
        Move("double_blocks.0.img_mlp.0", $"{block}.ff.net.0.proj");
        Move("double_blocks.0.img_mlp.2", $"{block}.ff.net.2");
        Move("double_blocks.0.txt_mlp.0", $"{block}.ff_context.net.0.proj");
        Move("double_blocks.0.txt_mlp.2", $"{block}.ff_context.net.2");
        Norms("double_blocks.0.img_attn.norm", $"{block}.attn.norm_q", $"{block}.attn.norm_k");
        Norms("double_blocks.0.txt_attn.norm", $"{block}.attn.norm_added_q", $"{block}.attn.norm_added_k");
        const string single = "single_transformer_blocks.0";
        Move("single_blocks.0.modulation.lin", $"{single}.norm.linear");
        Split("single_blocks.0.linear1", $"{single}.", "attn.to_q", "attn.to_k", "attn.to_v", "proj_mlp");
        Move("single_blocks.0.linear2", $"{single}.proj_out");
        Norms("single_blocks.0.norm", $"{single}.attn.norm_q", $"{single}.attn.norm_k");
        Move("final_layer.linear", "proj_out");
        foreach (var kind in new[] { "weight", "bias" })
        {
            // diffusers: scale, then shift.
            var halves = original[$"final_layer.adaLN_modulation.1.{kind}"].Chunk(2, 0);
            tensors[$"norm_out.linear.{kind}"] = Tensor.Concat([halves[1], halves[0]], 0);
        }
        return tensors;

        void Move(string from, string to)
        {
            tensors[$"{to}.weight"] = original[$"{from}.weight"];
            tensors[$"{to}.bias"] = original[$"{from}.bias"];
        }

        void Split(string from, string prefix, params string[] parts)
        {
            foreach (var kind in new[] { "weight", "bias" })
            {
                for (var part = 0; part < parts.Length; part++)
                {
                    tensors[$"{prefix}{parts[part]}.{kind}"] = original[$"{from}.{kind}"]
                        .Slice(0, part * Width, part == 3 ? null : (part + 1) * Width);
                }
            }
        }

        void Norms(string from, string query, string key)
        {
            tensors[$"{query}.weight"] = original[$"{from}.query_norm.scale"];
            tensors[$"{key}.weight"] = original[$"{from}.key_norm.scale"];
        }
    }
}
