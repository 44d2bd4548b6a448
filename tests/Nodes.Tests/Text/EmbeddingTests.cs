using NodeHost.Diffusion.Text;
using NodeHost.Graph.Contracts;
using NodeHost.Nodes;
using NodeHost.Nodes.Files;
using NodeHost.Nodes.Loaders;
using NodeHost.Nodes.Text;
using NodeHost.Tensors;
using NodeHost.Tensors.Safetensors;
using NodeHost.Tests.Shared;
using NodeHost.Tests.Tensors.Pickle;

namespace NodeHost.Tests.Nodes.Text;

/// <summary>
/// Textual inversions in every layout, through the nodes. The vectors are those of two words, so that the prompt with the
/// embedding has to be encoded as the prompt with the words is.
/// </summary>
[AssertNoLeakedTensors]
public sealed class EmbeddingTests : IDisposable
{
    private const string Words = "soft light, a lighthouse";
    private const string WithEmbedding = "embedding:mine, a lighthouse";
    private const string Sd15 = "nodehost-tiny-sd15.safetensors";
    private const string Sdxl = "nodehost-tiny-sdxl-base.safetensors";

    private readonly TemporaryFolder _folder = new();

    public EmbeddingTests() => Directory.CreateDirectory(_folder.File("embeddings"));

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Layouts =>
        [
            "emb_params",
            "only name",
            "clip_l",
            "bundled",
            "string_to_param",
            "flat pickle",
            "one row",
            "list of dictionaries",
        ];

    [Theory]
    [MemberData(nameof(Layouts))]
    public void Encode_PromptWithEmbedding_IsThePromptWithItsWords(string layout)
    {
        using var scope = new TensorScope();
        using var services = Services();
        var clip = Load(services, Sd15);
        var vectors = WordVectors(Sd15, "cond_stage_model.transformer.", clip);
        Save(layout, vectors);

        var expected = Encode(services, clip, Words);
        var actual = Encode(services, clip, WithEmbedding);

        // Embeddings stand in float32 where a word's row is in float16, as in the file they come from.
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-4f));
        Assert.Contains(
            expected.Zip(Encode(services, clip, "dark, a lighthouse")),
            pair => Math.Abs(pair.First - pair.Second) > 1e-2
        );
    }

    [Fact]
    public void Encode_SdxlEmbedding_TakesTheKeyOfEachEncoder()
    {
        using var scope = new TensorScope();
        using var services = Services();
        var clip = Load(services, Sdxl);
        using var file = SafetensorsFile.Open(Repository.Model($"checkpoints/{Sdxl}"));
        var ids = Ids(clip, "l");
        var large = Ids(clip, "g");
        var gKey = file.Entries.Keys.Single(key =>
            key.StartsWith("conditioner.embedders.1.", StringComparison.Ordinal)
            && key.EndsWith("token_embedding.weight", StringComparison.Ordinal)
        );
        var lKey = file.Entries.Keys.Single(key =>
            key.StartsWith("conditioner.embedders.0.", StringComparison.Ordinal)
            && key.EndsWith("token_embedding.weight", StringComparison.Ordinal)
        );
        SafetensorsWriter.Save(
            _folder.File("embeddings/mine.safetensors"),
            new Dictionary<string, Tensor>
            {
                ["clip_g"] = Rows(file.Load(gKey, DType.Float32), large),
                ["clip_l"] = Rows(file.Load(lKey, DType.Float32), ids),
            }
        );

        var expected = Encode(services, clip, Words);
        var actual = Encode(services, clip, WithEmbedding);

        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 2e-2f));
        Assert.Contains(
            expected.Zip(Encode(services, clip, "dark, a lighthouse")),
            pair => Math.Abs(pair.First - pair.Second) > 0.1
        );
    }

    [Fact]
    public void Encode_EmbeddingOfAnotherWidth_IsLeftOutAndSaid()
    {
        using var scope = new TensorScope();
        using var services = Services();
        var clip = Load(services, Sd15);
        SafetensorsWriter.Save(
            _folder.File("embeddings/mine.safetensors"),
            new Dictionary<string, Tensor> { ["emb_params"] = Tensor.Zeros([2, 5]) }
        );
        var warnings = new List<string>();

        var without = clip.Encode(clip.Tokenize(", a lighthouse")).Cond.ToArray<float>();
        var actual = clip.Encode(clip.Tokenize(WithEmbedding, warnings.Add)).Cond.ToArray<float>();

        Assert.Contains("mine", Assert.Single(warnings), StringComparison.Ordinal);
        Assert.Equal(without, actual);
    }

    private void Save(string layout, Tensor vectors)
    {
        var values = vectors.ToArray<float>();
        var (rows, width) = ((int)vectors.Length(0), (int)vectors.Length(1));
        switch (layout)
        {
            case "string_to_param":
                SavePickle(
                    "}",
                    writer => writer.Text("string_to_param").Op("}").Text("*"),
                    "ss",
                    [rows, width],
                    values
                );
                break;
            case "flat pickle":
                SavePickle("}", writer => writer.Text("<mine>"), "s", [rows, width], values);
                break;
            case "list of dictionaries":
                // [{"clip_l": ..., }] with a vector of another width beside it.
                var pickle = new PickleWriter().Op("](}").Text("other");
                pickle.Tensor("FloatStorage", "0", 3, 0, [1, 3], [3, 1], legacy: false).Op("s").Text("clip_l");
                pickle.Tensor("FloatStorage", "1", values.Length, 0, [rows, width], [width, 1], legacy: false).Op("se");
                Write("mine.pt", PickleWriter.Zip(pickle.Stop(), ("0", new byte[12]), ("1", Bytes(values))));
                break;
            case "one row":
                // Two files' worth of words is two rows; a single one may be stored without its first dimension.
                SafetensorsWriter.Save(
                    _folder.File("embeddings/mine.safetensors"),
                    new Dictionary<string, Tensor>
                    {
                        ["bundle_emb.mine.a.clip_l"] = vectors.Select(0, 0).Contiguous(),
                        ["bundle_emb.mine.b.clip_l"] = vectors.Slice(0, 1).Contiguous(),
                    }
                );
                break;
            default:
                var key = layout switch
                {
                    "only name" => "<mine>",
                    "bundled" => "bundle_emb.mine.string_to_param.*",
                    _ => layout,
                };
                SafetensorsWriter.Save(
                    _folder.File("embeddings/mine.safetensors"),
                    new Dictionary<string, Tensor> { [key] = vectors }
                );
                break;
        }
    }

    private void SavePickle(string start, Action<PickleWriter> names, string end, int[] shape, float[] values)
    {
        var pickle = new PickleWriter().Op(start);
        names(pickle);
        pickle.Tensor("FloatStorage", "0", values.Length, 0, shape, [shape[1], 1], legacy: false).Op(end);
        Write("mine.pt", PickleWriter.Zip(pickle.Stop(), ("0", Bytes(values))));
    }

    private void Write(string name, byte[] bytes) => File.WriteAllBytes(_folder.File($"embeddings/{name}"), bytes);

    private static byte[] Bytes(float[] values) => [.. values.SelectMany(BitConverter.GetBytes)];

    /// <summary>The rows of the token embedding for the words that the embedding stands for.</summary>
    private static Tensor WordVectors(string checkpoint, string prefix, Clip clip)
    {
        using var file = SafetensorsFile.Open(Repository.Model($"checkpoints/{checkpoint}"));
        var table = file.Load($"{prefix}text_model.embeddings.token_embedding.weight", DType.Float32);
        return Rows(table, Ids(clip, "l"));
    }

    private static Tensor Rows(Tensor table, long[] ids) =>
        Tensor.Stack([.. ids.Select(id => table.Select(0, id))], 0).To(DType.Float16).To(DType.Float32);

    /// <summary>The tokens of "soft light" between the start token and the comma.</summary>
    private static long[] Ids(Clip clip, string encoder)
    {
        long[] All(string text) => [.. clip.Tokenize(text).Chunks[encoder][0].Select(token => (long)token.Id)];
        var (with, without) = (All(Words), All(", a lighthouse"));
        var count = with.Zip(with.Skip(1)).TakeWhile(pair => pair.Second != without[1]).Count();
        return with[1..(1 + count)];
    }

    private static float[] Encode(NodePackServices services, Clip clip, string text)
    {
        var entry = new ClipTextEncode { Clip = clip, Text = text }
            .Execute(new NodeContext(services))
            .Entries[0];
        return [.. entry.Context.ToArray<float>(), .. entry.Pooled?.ToArray<float>() ?? []];
    }

    private static Clip Load(NodePackServices services, string checkpoint) =>
        new CheckpointLoaderSimple { CheckpointName = checkpoint }
            .Execute(new NodeContext(services))
            .Clip!;

    private NodePackServices Services() =>
        NodePack.CreateServices(
            new FolderLayout
            {
                Models = Path.Combine(Repository.Root, "workflows", "models"),
                Input = _folder.Path,
                Output = _folder.Path,
                Temp = _folder.Path,
                ExtraModelFolders = new Dictionary<string, IReadOnlyList<string>>
                {
                    ["embeddings"] = [_folder.File("embeddings")],
                },
            }
        );
}
