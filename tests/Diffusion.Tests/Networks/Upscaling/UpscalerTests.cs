using NodeHost.Diffusion.Checkpoints;
using NodeHost.Diffusion.Models;
using NodeHost.Diffusion.Models.Store;
using NodeHost.Diffusion.Networks.Upscaling;
using NodeHost.Diffusion.Text.Tokenization;
using NodeHost.Tensors;
using NodeHost.Tensors.Safetensors;
using NodeHost.Tests.Tensors.Pickle;

namespace NodeHost.Tests.Diffusion.Networks.Upscaling;

[AssertNoLeakedTensors]
public sealed class UpscalerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string, int, int> Layouts =>
        new()
        {
            { "BasicSR", 2, 1 },
            { "BasicSR", 2, 2 },
            { "BasicSR", 2, 4 },
            { "released", 2, 1 },
            { "released", 1, 1 },
            { "old", 0, 1 },
            { "old", 1, 1 },
            { "old", 2, 1 },
            { "old", 3, 1 },
            { "module", 2, 1 },
        };

    [Theory]
    [MemberData(nameof(Layouts))]
    public void Upscale_Rrdb_IsTheNaiveForwardOfEveryNamingAndScale(string layout, int doublings, int folding)
    {
        using var scope = new TensorScope();
        using var store = Open();
        var config = RrdbConfig.Tiny with { Doublings = doublings, Folding = folding };
        using var weights = Random(UpscalerWeights.Shapes(config));
        var upscaler = store.LoadUpscaler(
            Save(
                weights,
                key =>
                    layout switch
                    {
                        "released" => UpscalerWeights.Released(key),
                        "old" => UpscalerWeights.Old(key, config),
                        "module" => $"module.{key}",
                        _ => key,
                    }
            )
        );
        // Sides that the folding does not divide.
        var picture = Picture(7, 6);

        var actual = upscaler.Upscale(ToTensor(picture));

        Assert.Equal((1 << doublings) / folding, upscaler.Scale);
        AssertEqual(new NaiveUpscalers(weights.Tensors).Rrdb(picture, config.Blocks, doublings, folding), actual);
    }

    [Theory]
    [InlineData(2, true)]
    [InlineData(4, true)]
    [InlineData(1, false)]
    public void Upscale_Compact_IsTheNaiveForward(int scale, bool hasSlopes)
    {
        using var scope = new TensorScope();
        using var store = Open();
        var config = CompactConfig.Tiny with { Scale = scale, HasSlopes = hasSlopes };
        using var weights = Random(UpscalerWeights.Shapes(config));
        var picture = Picture(5, 6);

        var upscaler = store.LoadUpscaler(Save(weights, key => key));

        Assert.Equal(scale, upscaler.Scale);
        AssertEqual(
            new NaiveUpscalers(weights.Tensors).Compact(picture, config.Convolutions, scale, hasSlopes),
            upscaler.Upscale(ToTensor(picture))
        );
    }

    [Theory]
    [InlineData("params_ema")]
    [InlineData("params")]
    [InlineData("params-ema")]
    public void Load_PickledUnderATrainersName_IsFound(string name)
    {
        using var scope = new TensorScope();
        using var store = Open();
        var config = CompactConfig.Tiny with { Convolutions = 0, Scale = 1, HasSlopes = false };
        using var weights = Random(UpscalerWeights.Shapes(config));
        var pickle = new PickleWriter().Op("}").Text(name).Op("}");
        var storages = new List<(string, byte[])>();
        foreach (var (key, tensor) in weights.Tensors)
        {
            int[] shape = [.. tensor.Shape.ToArray().Select(length => (int)length)];
            int[] strides = [.. tensor.Strides.ToArray().Select(stride => (int)stride)];
            pickle.Text(key);
            pickle.Tensor(
                "FloatStorage",
                $"{storages.Count}",
                (int)tensor.ElementCount,
                0,
                shape,
                strides,
                legacy: false
            );
            pickle.Op("s");
            storages.Add(($"{storages.Count}", [.. tensor.ToArray<float>().SelectMany(BitConverter.GetBytes)]));
        }
        var path = _folder.File("model.pth");
        File.WriteAllBytes(path, PickleWriter.Zip(pickle.Op("s").Stop(), [.. storages]));
        var picture = Picture(3, 4);

        var actual = store.LoadUpscaler(path).Upscale(ToTensor(picture));

        AssertEqual(new NaiveUpscalers(weights.Tensors).Compact(picture, 0, 1, false), actual);
    }

    [Fact]
    public void Upscale_Tiled_EqualsTheWholeAwayFromTheSeams()
    {
        using var scope = new TensorScope();
        using var store = Open();
        using var weights = Random(UpscalerWeights.Shapes(RrdbConfig.Tiny with { Blocks = 1 }));
        var upscaler = store.LoadUpscaler(Save(weights, key => key));
        var picture = ToTensor(Picture(100, 70));
        var steps = new List<(int Done, int Total)>();

        var whole = upscaler.Upscale(picture);
        var tiled = upscaler.Upscale(picture, 64, 32, (done, total) => steps.Add((done, total)), default);

        Assert.Equal([1L, 400, 280, 3], tiled.Shape.ToArray());
        Assert.Equal((steps.Count, steps.Count), steps[^1]);
        var difference = (whole - tiled).Abs();
        // Where tiles fade into each other, one of them ends nearer than the network sees. The first 32 pixels are the first tile alone.
        Assert.InRange(difference.Max().Item(), 0, 0.05);
        Assert.InRange(difference.Slice(1, 0, 4 * 32).Slice(2, 0, 4 * 32).Max().Item(), 0, 1e-6);
    }

    [Fact]
    public void Upscale_MemoryForSmallTilesOnly_HalvesThem()
    {
        using var scope = new TensorScope();
        var network = new NetworkWithLittleMemory(200);
        var picture = ToTensor(Picture(300, 150));

        var result = new Upscaler(network, 2).Upscale(picture);

        Assert.Equal([1L, 600, 300, 3], result.Shape.ToArray());
        Assert.Equal([300, 256, 128], network.Heights.Distinct().Order().Reverse().Take(3));
        Assert.InRange((result.Slice(1, 0, 599, 2).Slice(2, 0, 299, 2) - picture).Abs().Max().Item(), 0, 1e-6);
    }

    [Fact]
    public void Upscale_NoMemoryAtAll_SaysSo()
    {
        using var scope = new TensorScope();
        var network = new NetworkWithLittleMemory(0);

        Assert.Throws<TensorOutOfMemoryException>(() => new Upscaler(network, 2).Upscale(ToTensor(Picture(600, 10))));

        Assert.Equal([512, 256, 128], network.Heights);
    }

    [Theory]
    [InlineData("layers.0.residual_group.blocks.0.norm1.weight", "SwinIR")]
    [InlineData("layers.0.residual_group.blocks.0.conv_block.cab.0.weight", "HAT")]
    [InlineData("block_1.c1_r.sk.weight", "SPAN")]
    [InlineData("something.weight", "no known architecture")]
    public void Load_AnotherArchitecture_IsRefusedByName(string key, string expected)
    {
        using var scope = new TensorScope();
        using var store = Open();
        using var weights = RandomWeights.Of(new Dictionary<string, long[]> { [key] = [1] });
        var path = Save(weights, name => name);

        var error = Assert.Throws<UnsupportedModelException>(() => store.LoadUpscaler(path));

        Assert.Contains(expected, error.Message);
        Assert.Contains("ESRGAN", error.Message);
    }

    [Fact]
    public void Load_FurtherLayers_AreRefusedByKey()
    {
        using var scope = new TensorScope();
        using var store = Open();
        using var weights = RandomWeights.Of(
            new Dictionary<string, long[]>(UpscalerWeights.Shapes(RrdbConfig.Tiny))
            {
                ["body.0.rdb1.more.weight"] = [1],
            }
        );
        var path = Save(weights, key => key);

        var error = Assert.Throws<UnsupportedModelException>(() => store.LoadUpscaler(path));

        Assert.Contains("'body.0.rdb1.more.weight'", error.Message);
    }

    [Fact]
    public void Load_AVae_SaysWhatWasExpected()
    {
        using var store = Open();
        var error = Assert.Throws<UnsupportedModelException>(() =>
            store.LoadUpscaler(NodeHost.Tests.Shared.Repository.Model("vae/nodehost-tiny-flux-ae.safetensors"))
        );

        Assert.Contains("enlarges pictures", error.Message);
        Assert.Contains("AutoencoderKL", error.Message);
    }

    private static ModelStore Open() => new(new ModelStoreOptions { Tokenizers = new TokenizerLocator([], null) });

    /// <summary>Numbers that carry a picture through the layers, and bring it out between black and white.</summary>
    private static RandomWeights Random(Dictionary<string, long[]> shapes)
    {
        var weights = RandomWeights.Of(shapes);
        foreach (var tensor in weights.Tensors.Values)
        {
            tensor.MultiplyInPlace(2);
        }
        weights.Tensors.GetValueOrDefault("conv_last.bias")?.FillInPlace(0.5);
        return weights;
    }

    private string Save(RandomWeights weights, Func<string, string> nameOf)
    {
        var path = _folder.File($"{Guid.NewGuid():N}.safetensors");
        SafetensorsWriter.Save(path, weights.Tensors.ToDictionary(pair => nameOf(pair.Key), pair => pair.Value));
        return path;
    }

    private static Plane Picture(int height, int width)
    {
        var random = new System.Random(5);
        return Plane.Of(3, height, width, (_, _, _) => random.NextSingle());
    }

    // [1, H, W, 3]
    private static Tensor ToTensor(Plane plane) =>
        Tensor
            .From([.. plane.Values.Select(value => (float)value)], 1, plane.Channels, plane.Height, plane.Width)
            .Permute(0, 2, 3, 1);

    private static void AssertEqual(Plane expected, Tensor actual)
    {
        Assert.Equal([1L, expected.Height, expected.Width, 3], actual.Shape.ToArray());
        var values = actual.Permute(0, 3, 1, 2).ToArray<float>();
        Assert.All(expected.Values.Zip(values), pair => Assert.Equal(Math.Clamp(pair.First, 0, 1), pair.Second, 1e-5));
        Assert.Contains(values, value => value is > 0 and < 1);
    }

    /// <summary>Doubles pictures, if they are no higher than memory allows.</summary>
    private sealed class NetworkWithLittleMemory(long highest) : IUpscaleNetwork, IModelSource<IUpscaleNetwork>
    {
        public List<long> Heights { get; } = [];

        public string Name => "little memory";

        public ComputePlace Place => ComputePlace.Cpu;

        public IUpscaleNetwork Load(IReadOnlyList<WeightPatch> patches) => this;

        public Tensor Forward(Tensor pictures)
        {
            Heights.Add(pictures.Length(2));
            if (pictures.Length(2) > highest)
            {
                Tensor.Empty([1L << 50]);
            }
            return Functional.Interpolate(
                pictures,
                pictures.Length(2) * 2,
                pictures.Length(3) * 2,
                InterpolationMode.Nearest
            );
        }
    }
}
