using NodeHost.Diffusion.Checkpoints;
using NodeHost.Diffusion.Models;
using NodeHost.Diffusion.Models.Store;
using NodeHost.Diffusion.Networks.Flux;
using NodeHost.Diffusion.Text.Tokenization;
using NodeHost.Tensors;
using NodeHost.Tensors.Safetensors;
using NodeHost.Tests.Diffusion.Networks;

namespace NodeHost.Tests.Diffusion.Checkpoints;

[AssertNoLeakedTensors]
public sealed class Float8CheckpointTests
{
    private static readonly FluxConfig Config = FluxConfig.Tiny with { DoubleBlocks = 1, SingleBlocks = 1 };

    [Theory]
    [InlineData(DType.Float8E4M3)]
    [InlineData(DType.Float8E5M2)]
    public void LoadDiffusionModel_Float8File_PredictsAsItsDecodedNumbers(DType format)
    {
        using var scope = new TensorScope();
        using var folder = new TemporaryFolder();
        var path = folder.File("flux.safetensors");
        using var decoded = RandomWeights.Holding(WriteFloat8(path, format));
        using var store = OpenStore();

        var actual = Predict(store.LoadDiffusionModel(path).Source.Load([]));

        Assert.Equal(Predict(decoded), actual);
    }

    [Fact]
    public void LoadDiffusionModel_RoundedToFloat8_PredictsAsTheRoundedNumbers()
    {
        using var scope = new TensorScope();
        using var folder = new TemporaryFolder();
        var path = folder.File("flux.safetensors");
        using var exact = RandomWeights.Of(FluxWeights.Shapes(Config));
        SafetensorsWriter.Save(path, exact.Tensors);
        using var rounded = RandomWeights.Holding(
            exact.Tensors.ToDictionary(pair => pair.Key, pair => Float8.Round(pair.Value, DType.Float8E4M3))
        );
        using var store = OpenStore();

        var actual = Predict(store.LoadDiffusionModel(path, DType.Float8E4M3).Source.Load([]));

        Assert.Equal(Predict(rounded), actual);
        Assert.NotEqual(Predict(exact), actual);
        Assert.Equal(Predict(exact), Predict(store.LoadDiffusionModel(path).Source.Load([])));
    }

    [Fact]
    public void Recognise_ScaledFloat8_AppliesTheFactorsAndKeepsThemSilent()
    {
        using var scope = new TensorScope();
        using var plain = RandomWeights.Of(FluxWeights.Shapes(Config));
        var tensors = new Dictionary<string, Tensor> { ["scaled_fp8"] = Tensor.Zeros([0]) };
        foreach (var (key, tensor) in plain.Tensors)
        {
            var isScaled = key.StartsWith("double_blocks", StringComparison.Ordinal) && tensor.Rank == 2;
            tensors[key] = isScaled ? tensor * 4 : tensor;
            if (isScaled)
            {
                var layer = key[..^".weight".Length];
                tensors[$"{layer}.scale_weight"] = Tensor.Full([1], 0.25);
                tensors[$"{layer}.scale_input"] = Tensor.Full([1], 3);
            }
        }
        var scaled = RandomWeights.Holding(tensors);

        var part = (DiffusionPart)ModelFamilies.Recognise(scaled)[0];
        using var weights = part.Open([]);

        Assert.Equal(Predict(plain), Predict(part.Network(weights.Root)));
        Assert.Empty(CheckpointAudit.Of(scaled).LeftOver);
    }

    private static ModelStore OpenStore() => new(new() { Tokenizers = new TokenizerLocator([]) });

    private static float[] Predict(IWeightSource source)
    {
        using var weights = new WeightSet(source);
        return Predict(new FluxModel(weights.Root, Config));
    }

    private static float[] Predict(IDiffusionNetwork network)
    {
        using var scope = new TensorScope();
        using var generator = new Generator(2);
        var input = new NetworkInput
        {
            Context = Tensor.Randn([1, 4, Config.ContextWidth], generator),
            Pooled = Tensor.Randn([1, Config.VectorWidth], generator),
            Guidance = Tensor.Full([1], 3.5),
        };
        var x = Tensor.Randn([1, 16, 4, 4], generator);
        return network.Forward(x, Tensor.Full([1], 0.5), input).ToArray<float>();
    }

    private static Dictionary<string, Tensor> WriteFloat8(string path, DType format)
    {
        var shapes = FluxWeights.Shapes(Config);
        var random = new Random(0);
        var decoded = new Dictionary<string, Tensor>();
        using var writer = new SafetensorsWriter(
            path,
            shapes.Select(pair => new SafetensorsEntry(pair.Key, format, pair.Value))
        );
        foreach (var (key, shape) in shapes)
        {
            // Codes of small numbers of either sign.
            var codes = new byte[shape.Aggregate(1L, (a, b) => a * b)];
            for (var index = 0; index < codes.Length; index++)
            {
                codes[index] = (byte)(random.Next(0x28) | (random.Next(2) << 7));
            }
            var bytes = Tensor.From(codes, shape);
            writer.Write(key, bytes);
            decoded[key] = Float8.Decode(bytes, format, DType.Float32);
        }
        writer.Complete();
        return decoded;
    }
}
