using NodeHost.Diffusion.Checkpoints;
using NodeHost.Diffusion.Models;
using NodeHost.Diffusion.Models.Store;
using NodeHost.Diffusion.Networks.Flux;
using NodeHost.Diffusion.Networks.T5;
using NodeHost.Diffusion.Text.Tokenization;
using NodeHost.Tensors;
using NodeHost.Tests.Diffusion.Networks;
using NodeHost.Tests.Shared;

namespace NodeHost.Tests.Diffusion.Checkpoints;

/// <summary>GGUF files as people have them: quantised matrices, the rest in float16 and float32.</summary>
[AssertNoLeakedTensors]
public sealed class GgufSourceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(200_000)]
    public void Load_Flux_PredictsWhatItsDecodedWeightsPredict(long budget)
    {
        using var scope = new TensorScope();
        using var noGrad = Autograd.NoGrad();
        var config = FluxConfig.Tiny;
        using var weights = RandomWeights.Of(FluxWeights.Shapes(config));
        var (path, decoded) = Save("flux", weights.Tensors, name => name);
        using var exact = RandomWeights.Holding(decoded);
        using var set = new WeightSet(exact);
        using var store = Open(budget);

        var model = store.LoadDiffusionModel(path);
        var actual = Predict((FluxModel)model.Source.Load([]), config);

        Assert.Equal(Predict(new FluxModel(set.Root, config), config), actual);
    }

    [Fact]
    public void Recognise_T5WithLlamaNames_AsksForAllOfIt()
    {
        using var scope = new TensorScope();
        using var weights = RandomWeights.Of(T5Weights.Shapes(T5Config.Tiny));
        var (path, decoded) = Save("t5encoder", weights.Tensors, LlamaName);
        using var exact = RandomWeights.Holding(decoded);
        using var file = WeightFiles.Open(path);

        var audit = CheckpointAudit.Of(file);

        var encoder = Assert.IsType<TextEncoderPart>(Assert.Single(audit.Parts));
        Assert.Equal(("t5xxl", T5Config.Tiny.Width), (encoder.Encoder, encoder.Width));
        Assert.Empty(audit.LeftOver);
        Assert.Equal(decoded.Keys.Order(), file.Entries.Keys.Order());
        foreach (var (key, tensor) in decoded)
        {
            Assert.Equal(tensor.ToArray<float>(), file.Read(key).ToArray<float>());
        }
    }

    [Fact]
    public void Recognise_UNetWithFlattenedKernels_IsSd15()
    {
        using var scope = new TensorScope();
        const string prefix = "model.diffusion_model.";
        using var shipped = WeightFiles.Open(Repository.Model("checkpoints/nodehost-tiny-sd15.safetensors"));
        var tensors = shipped
            .Entries.Keys.Where(key => key.StartsWith(prefix, StringComparison.Ordinal))
            .ToDictionary(key => key[prefix.Length..], shipped.Read);
        var (path, decoded) = Save("sd1", tensors, name => name);
        using var file = WeightFiles.Open(path);

        var audit = CheckpointAudit.Of(file);

        Assert.Equal("SD1.5", Assert.Single(audit.Parts).Family);
        Assert.Empty(audit.LeftOver);
        foreach (var (key, tensor) in decoded)
        {
            Assert.Equal(tensor.ToArray<float>(), file.Read(key).ToArray<float>());
            tensor.Dispose();
        }
    }

    /// <summary>As converters do: vectors in float32, matrices in blocks of 32 (flattened where rows do not divide), the rest in float16.</summary>
    private (string Path, Dictionary<string, Tensor> Decoded) Save(
        string architecture,
        Dictionary<string, Tensor> tensors,
        Func<string, string> nameOf
    )
    {
        using var untracked = TensorScope.Suspend();
        var writer = new GgufWriter().Text("general.architecture", architecture);
        var decoded = new Dictionary<string, Tensor>();
        foreach (var (key, tensor) in tensors)
        {
            long[] shape = [.. tensor.Shape];
            var numbers = tensor.ToArray<float>();
            var (type, data, read) = (GgufWriter.F32, numbers.SelectMany(BitConverter.GetBytes).ToArray(), numbers);
            var stored = shape;
            if (shape.Length > 1 && numbers.Length % 32 == 0)
            {
                (type, (data, read)) = (GgufWriter.Q8, GgufWriter.QuantiseQ8(numbers));
                if (shape[^1] % 32 != 0)
                {
                    stored = [numbers.Length / 32, 32];
                    writer.Numbers($"comfy.gguf.orig_shape.{nameOf(key)}", [.. shape.Select(length => (int)length)]);
                }
            }
            else if (shape.Length > 1)
            {
                type = GgufWriter.F16;
                data = [.. numbers.SelectMany(number => BitConverter.GetBytes((Half)number))];
                read = [.. numbers.Select(number => (float)(Half)number)];
            }
            writer.Tensor(nameOf(key), stored, type, data);
            decoded[key] = Tensor.From(read, shape);
        }
        var path = _folder.File($"{architecture}.gguf");
        File.WriteAllBytes(path, writer.Build());
        return (path, decoded);
    }

    private static string LlamaName(string key) =>
        key.Replace("shared.weight", "token_embd.weight")
            .Replace("encoder.final_layer_norm", "enc.output_norm")
            .Replace("encoder.block.", "enc.blk.")
            .Replace("layer.0.SelfAttention.relative_attention_bias", "attn_rel_b")
            .Replace("layer.0.SelfAttention.", "attn_")
            .Replace("layer.0.layer_norm", "attn_norm")
            .Replace("layer.1.DenseReluDense.wi_0", "ffn_gate")
            .Replace("layer.1.DenseReluDense.wi_1", "ffn_up")
            .Replace("layer.1.DenseReluDense.wo", "ffn_down")
            .Replace("layer.1.layer_norm", "ffn_norm");

    private static float[] Predict(FluxModel network, FluxConfig config)
    {
        using var scope = new TensorScope();
        using var generator = new Generator(3);
        var input = new NetworkInput
        {
            Context = Tensor.Randn([1, 5, config.ContextWidth], generator),
            Pooled = Tensor.Randn([1, config.VectorWidth], generator),
            Guidance = Tensor.Full([1], 3.5),
        };
        return network.Forward(Tensor.Randn([1, 16, 4, 6], generator), Tensor.Full([1], 0.5), input).ToArray<float>();
    }

    private static ModelStore Open(long budget) =>
        new(new ModelStoreOptions { Tokenizers = new TokenizerLocator([], null), BudgetBytes = budget });
}
