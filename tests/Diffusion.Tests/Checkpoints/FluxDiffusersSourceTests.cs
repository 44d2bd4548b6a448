using NodeHost.Diffusion.Checkpoints;
using NodeHost.Diffusion.Models;
using NodeHost.Tensors;

namespace NodeHost.Tests.Diffusion.Checkpoints;

[AssertNoLeakedTensors]
public sealed class FluxDiffusersSourceTests
{
    private const int Width = 32;
    private const int Hidden = 64;

    [Fact]
    public void Recognise_DiffusersNames_GivesTheOriginalsPrediction()
    {
        using var scope = new TensorScope();
        var original = new MemorySource(OriginalWeights());
        var diffusers = new MemorySource(Rename(original.Tensors));

        var expected = Predict(original);
        var actual = Predict(diffusers);

        Assert.True(expected.IsEqualTo(actual));
        Assert.True(expected.Abs().Max().Item() > 0);
    }

    [Fact]
    public void Audit_DiffusersNamesWithAStrayKey_NamesTheKey()
    {
        using var scope = new TensorScope();
        var tensors = Rename(OriginalWeights());
        tensors["transformer_blocks.0.attn.extra.weight"] = Tensor.Zeros([2]);

        var audit = CheckpointAudit.Of(new MemorySource(tensors));

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

    private static Dictionary<string, Tensor> OriginalWeights()
    {
        using var generator = new Generator(0);
        var tensors = new Dictionary<string, Tensor>();
        Linear("img_in", Width, 64);
        Linear("txt_in", Width, Width);
        Embedder("time_in", 256);
        Embedder("guidance_in", 256);
        Embedder("vector_in", Width);
        foreach (var stream in new[] { "img", "txt" })
        {
            Linear($"double_blocks.0.{stream}_mod.lin", 6 * Width, Width);
            Linear($"double_blocks.0.{stream}_attn.qkv", 3 * Width, Width);
            Linear($"double_blocks.0.{stream}_attn.proj", Width, Width);
            Linear($"double_blocks.0.{stream}_mlp.0", Hidden, Width);
            Linear($"double_blocks.0.{stream}_mlp.2", Width, Hidden);
            Norms($"double_blocks.0.{stream}_attn.norm");
        }
        Linear("single_blocks.0.linear1", 3 * Width + Hidden, Width);
        Linear("single_blocks.0.linear2", Width, Width + Hidden);
        Linear("single_blocks.0.modulation.lin", 3 * Width, Width);
        Norms("single_blocks.0.norm");
        Linear("final_layer.adaLN_modulation.1", 2 * Width, Width);
        Linear("final_layer.linear", 64, Width);
        return tensors;

        void Linear(string name, long rows, long columns)
        {
            tensors[$"{name}.weight"] = Tensor.Randn([rows, columns], generator) * 0.1;
            tensors[$"{name}.bias"] = Tensor.Randn([rows], generator) * 0.1;
        }

        void Embedder(string name, long inputs)
        {
            Linear($"{name}.in_layer", Width, inputs);
            Linear($"{name}.out_layer", Width, Width);
        }

        void Norms(string name)
        {
            tensors[$"{name}.query_norm.scale"] = Tensor.Randn([Width], generator);
            tensors[$"{name}.key_norm.scale"] = Tensor.Randn([Width], generator);
        }
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

    private sealed class MemorySource(Dictionary<string, Tensor> tensors) : IWeightSource
    {
        public Dictionary<string, Tensor> Tensors { get; } = tensors;

        public string Name => "memory";

        public IReadOnlyDictionary<string, WeightInfo> Entries { get; } =
            tensors.ToDictionary(
                pair => pair.Key,
                pair => new WeightInfo(pair.Value.DType, pair.Value.Shape.ToArray())
            );

        public Tensor Read(string key) => Tensors[key].Contiguous().Alias();
    }
}
