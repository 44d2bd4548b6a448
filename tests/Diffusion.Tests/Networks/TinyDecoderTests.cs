using NodeHost.Diffusion.Checkpoints;
using NodeHost.Diffusion.Networks.Autoencoder;
using NodeHost.Tensors;

namespace NodeHost.Tests.Diffusion.Networks;

[AssertNoLeakedTensors]
public sealed class TinyDecoderTests
{
    [Theory]
    [InlineData(4)]
    [InlineData(16)]
    public void Decode_LatentOfAnyFamily_IsEightTimesAsLarge(int channels)
    {
        using var scope = new TensorScope();
        using var decoder = new TinyDecoder(new GreySource(channels));

        var picture = decoder.Decode(Tensor.Ones([1, channels, 4, 6]));

        Assert.Equal(channels, decoder.LatentChannels);
        Assert.Equal([1, 3, 32, 48], picture.Shape.ToArray());
        Assert.All(picture.ToArray<float>(), value => Assert.Equal(0.25f, value));
    }

    [Fact]
    public void Decode_RandomWeights_AgreesWithPlainLoops()
    {
        const int Side = 2;
        using var scope = new TensorScope();
        using var weights = RandomWeights.Of(
            new GreySource(4).Entries.ToDictionary(e => e.Key, e => e.Value.Shape.ToArray())
        );
        using var decoder = new TinyDecoder(weights);
        using var generator = new Generator(5);
        var latent = Tensor.Randn([1, 4, Side, Side], generator) * 3;

        var actual = decoder.Decode(latent).ToArray<float>();

        var expected = new PlainTinyDecoder(weights).Decode(latent.ToArray<float>(), Side);
        Assert.Equal(expected.Length, actual.Length);
        Assert.True(expected.Max() - expected.Min() > 0.01f, "the picture is flat");
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-4f));
    }

    [Fact]
    public void Construct_FileOfAnotherLayout_NamesTheMissingKey()
    {
        using var scope = new TensorScope();
        var source = new GreySource(4);
        source.Entries.Remove("12.weight");

        var problem = Assert.Throws<WeightException>(() => new TinyDecoder(source));

        Assert.Contains("12.weight", problem.Message);
    }

    /// <summary>taesd's keys, with weights that give the same grey whatever they are fed.</summary>
    private sealed class GreySource : IWeightSource
    {
        public GreySource(int channels)
        {
            Add("1", 64, channels);
            Add("19", 3, 64);
            foreach (var block in new[] { 3, 4, 5, 8, 9, 10, 13, 14, 15, 18 })
            {
                Add($"{block}.conv.0", 64, 64);
                Add($"{block}.conv.2", 64, 64);
                Add($"{block}.conv.4", 64, 64);
            }
            foreach (var upsampling in new[] { 7, 12, 17 })
            {
                Entries[$"{upsampling}.weight"] = new WeightInfo(DType.Float32, [64, 64, 3, 3]);
            }
        }

        public string Name => "grey";

        public Dictionary<string, WeightInfo> Entries { get; } = [];

        IReadOnlyDictionary<string, WeightInfo> IWeightSource.Entries => Entries;

        public Tensor Read(string key) => Tensor.Full([.. Entries[key].Shape], key == "19.bias" ? 0.25 : 0);

        private void Add(string layer, long outputs, long inputs)
        {
            Entries[$"{layer}.weight"] = new WeightInfo(DType.Float32, [outputs, inputs, 3, 3]);
            Entries[$"{layer}.bias"] = new WeightInfo(DType.Float32, [outputs]);
        }
    }
}
