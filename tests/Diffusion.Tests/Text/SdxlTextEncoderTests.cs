using NodeHost.Diffusion.Checkpoints;
using NodeHost.Diffusion.Models.Store;
using NodeHost.Diffusion.Networks.Clip;
using NodeHost.Diffusion.Text;
using NodeHost.Diffusion.Text.Tokenization;
using NodeHost.Tensors;
using NodeHost.Tensors.Safetensors;
using NodeHost.Tests.Diffusion.Networks;
using NodeHost.Tests.Shared;

namespace NodeHost.Tests.Diffusion.Text;

/// <summary>SDXL's prompts against a plain OpenCLIP and CLIP-L's own hidden states, on the tiny checkpoints that ship.</summary>
[AssertNoLeakedTensors]
public sealed class SdxlTextEncoderTests
{
    private const string Prompt = "a red fox";
    private const string PrefixOfG = "conditioner.embedders.1.model.";
    private const int Width = 32;
    private const int End = 999;

    private static readonly string Base = Repository.Model("checkpoints/nodehost-tiny-sdxl-base.safetensors");
    private static readonly string Refiner = Repository.Model("checkpoints/nodehost-tiny-sdxl-refiner.safetensors");

    [Fact]
    public void Tokenize_EitherEncoder_PadsWithItsOwnToken()
    {
        using var store = Open();
        var chunks = store.LoadCheckpoint(Base).Clip!.Tokenize(Prompt).Chunks;

        var (l, g) = (Ids(chunks[SdxlTextEncoder.L][0]), Ids(chunks[SdxlTextEncoder.G][0]));

        var end = Array.IndexOf(l, End);
        Assert.Equal(l[..(end + 1)], g[..(end + 1)]);
        Assert.All(l[(end + 1)..], id => Assert.Equal(End, id));
        Assert.All(g[(end + 1)..], id => Assert.Equal(0, id));
        Assert.Equal(77, g.Length);
    }

    [Theory]
    [InlineData(null, 1)]
    [InlineData(-1, 2)]
    [InlineData(-2, 1)]
    public void Encode_Base_JoinsBothEncodersRawLayersAndPoolsCLIPG(int? lastLayer, int layers)
    {
        using var store = Open();
        using var scope = new TensorScope();
        var clip = store.LoadCheckpoint(Base).Clip! with { LastLayer = lastLayer };
        var ids = Ids(clip.Tokenize(Prompt).Chunks[SdxlTextEncoder.G][0]);

        var encoded = clip.Encode(Prompt);

        var (hidden, pooled) = PlainG().Forward([.. ids], Array.IndexOf(ids, End));
        Assert.Equal([1, 77, 2 * Width], encoded.Cond.Shape.ToArray());
        AssertClose(hidden[layers - 1], encoded.Cond.Slice(2, Width));
        AssertClose(pooled, encoded.Pooled!);
        AssertClose(HiddenOfL(Ids(clip.Tokenize(Prompt).Chunks[SdxlTextEncoder.L][0]), layers), Narrow(encoded));
    }

    [Fact]
    public void Encode_LayerDeeperThanTheModel_IsTheNormalisedLast()
    {
        using var store = Open();
        using var scope = new TensorScope();
        var clip = store.LoadCheckpoint(Base).Clip!;
        var ids = Ids(clip.Tokenize(Prompt).Chunks[SdxlTextEncoder.L][0]);

        var encoded = (clip with { LastLayer = -3 }).Encode(Prompt);

        AssertClose(HiddenOfL(ids, layers: null), Narrow(encoded));
    }

    [Fact]
    public void Encode_WeightedWord_MovesItFromWhatTheEmptyPromptHasThere()
    {
        using var store = Open();
        using var scope = new TensorScope();
        var clip = store.LoadCheckpoint(Base).Clip!;
        var plain = clip.Encode(Prompt).Cond;
        var empty = clip.Encode("").Cond;
        var ids = Ids(clip.Tokenize(Prompt).Chunks[SdxlTextEncoder.L][0]);
        var weighted = clip.Encode("a red (fox:1.5)").Cond;

        var end = Array.IndexOf(ids, End);
        var moved = Enumerable
            .Range(1, end - 1)
            .Where(position => (weighted - plain).Select(1, position).Abs().Max().Item() > 1e-4)
            .ToArray();

        Assert.NotEmpty(moved);
        Assert.DoesNotContain(1, moved);
        foreach (var position in moved)
        {
            var (from, to) = (empty.Select(1, position), plain.Select(1, position));
            AssertClose(from + ((to - from) * 1.5), weighted.Select(1, position));
        }
    }

    [Fact]
    public void Encode_Refiner_IsCLIPGAlone()
    {
        using var store = Open();
        using var scope = new TensorScope();
        var clip = store.LoadCheckpoint(Refiner).Clip!;

        var encoded = clip.Encode(Prompt);

        Assert.Equal([SdxlTextEncoder.G], clip.Tokenize(Prompt).Chunks.Keys);
        Assert.Equal([1, 77, Width], encoded.Cond.Shape.ToArray());
        Assert.Equal([1, Width], encoded.Pooled!.Shape.ToArray());
    }

    [Fact]
    public void LoadClip_BothFilesInEitherOrder_IsOneEncoder()
    {
        using var folder = new TemporaryFolder();
        using var scope = new TensorScope();
        var l = Write(folder, "clip_l", SdxlShapes.ClipL(Width, 2, 1000, ""));
        var g = Write(folder, "clip_g", SdxlShapes.ClipG(Width, 32, 1000, ""));
        using var store = Open();

        var first = store.LoadClip(l, g).Encode(Prompt);
        var second = store.LoadClip(g, l).Encode(Prompt);

        Assert.Equal([1, 77, 2 * Width], first.Cond.Shape.ToArray());
        Assert.True(first.Cond.IsEqualTo(second.Cond));
        Assert.True(first.Pooled!.IsEqualTo(second.Pooled!));
        Assert.Equal([1, 77, Width], store.LoadClip(g).Encode(Prompt).Cond.Shape.ToArray());
    }

    private static ModelStore Open() =>
        new(new() { Tokenizers = new TokenizerLocator([Repository.Model("tokenizers")]) });

    private static int[] Ids(PromptToken[] chunk) => [.. chunk.Select(token => token.Id)];

    private static Tensor Narrow(EncodedText encoded) => encoded.Cond.Slice(2, 0, Width);

    /// <summary>The checkpoint's CLIP-G; float8 is exact in the half precision that encoders are kept in.</summary>
    private static PlainOpenClip PlainG()
    {
        using var file = SafetensorsFile.Open(Base);
        var weights = file
            .Entries.Keys.Where(key => key.StartsWith(PrefixOfG, StringComparison.Ordinal))
            .ToDictionary(key => key[PrefixOfG.Length..], key => file.Load(key, DType.Float32));
        return new PlainOpenClip(weights, layers: 2, heads: 1);
    }

    private static Tensor HiddenOfL(int[] ids, int? layers)
    {
        using var source = SafetensorsSource.Open(Base);
        using var weights = new WeightSet(source, DType.Float16, "conditioner.embedders.0.transformer.");
        var model = new ClipTextModel(weights.Root, ClipTextConfig.From(weights.Root));
        var embedded = model.Embed(Tensor.From([.. ids.Select(id => (long)id)], 1, ids.Length));
        return model.Forward(embedded, [0], layers, isNormalised: false).Hidden;
    }

    private static string Write(TemporaryFolder folder, string name, Dictionary<string, long[]> shapes)
    {
        var path = Path.Combine(folder.Path, $"{name}.safetensors");
        using var weights = RandomWeights.Of(shapes);
        SafetensorsWriter.Save(path, weights.Tensors);
        return path;
    }

    private static void AssertClose(Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.Shape.ToArray(), actual.Shape.ToArray());
        var (difference, deviation) = ((actual - expected).Abs().Max().Item(), expected.Std().Item());
        Assert.True(difference <= 1e-4 * deviation, $"{difference:G3} of {deviation:G3}");
    }
}
