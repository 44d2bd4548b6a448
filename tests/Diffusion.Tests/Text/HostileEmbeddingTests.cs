using NodeHost.Diffusion.Text;
using NodeHost.Tensors;
using NodeHost.Tensors.Pickle;
using NodeHost.Tensors.Safetensors;
using NodeHost.Tests.Tensors.Pickle;

namespace NodeHost.Tests.Diffusion.Text;

/// <summary>Files of textual inversions with damaged bytes or odd tensors: vectors of the right width, none, or a refusal.</summary>
[AssertNoLeakedTensors]
public sealed class HostileEmbeddingTests : IDisposable
{
    private const int Width = 8;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("mine.safetensors")]
    [InlineData("mine.pt")]
    [InlineData("mine.bin")]
    public void Find_ThreeHundredDamagedFiles_GivesVectorsOrNoneOrARefusal(string name)
    {
        var (found, refused) = (0, 0);
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var bytes = Damage(name.EndsWith('s') ? Safetensors(random) : Pickle(random), random);
            File.WriteAllBytes(_folder.File(name), bytes);
            using var embeddings = new EmbeddingFolder([_folder.Path]);
            try
            {
                if (embeddings.For("clip_l", Width).Find("mine") is PromptEmbedding embedding)
                {
                    Assert.Equal(Width, embedding.Vectors.Length(1));
                    Assert.Equal(embedding.VectorCount * Width, embedding.Vectors.ToArray<float>().Length);
                    found++;
                }
            }
            catch (Exception error) when (error is SafetensorsException or PickleException)
            {
                Assert.Contains(name, error.Message);
                refused++;
            }
        }
        Assert.True(found > 30 && refused > 50, $"{found} found, {refused} refused: the damage is one-sided");
    }

    private byte[] Safetensors(Random random)
    {
        using var scope = new TensorScope();
        string[] names =
        [
            "emb_params",
            "clip_l",
            "clip_g",
            "0.vector",
            "*",
            "bundle_emb.a.clip_l",
            "string_to_param.*",
        ];
        var tensors = new Dictionary<string, Tensor>();
        for (var count = random.Next(1, 3); count > 0; count--)
        {
            tensors[names[random.Next(names.Length)]] = Tensor.Ones(Shape(random)).To(OddType(random));
        }
        SafetensorsWriter.Save(_folder.File("sound"), tensors);
        return File.ReadAllBytes(_folder.File("sound"));
    }

    private static byte[] Pickle(Random random)
    {
        var shape = Shape(random);
        var count = (int)shape.Aggregate(1L, (product, length) => product * length);
        long[] strides = [.. shape.Select((_, axis) => shape.Skip(axis + 1).Aggregate(1L, (a, b) => a * b))];
        var writer = new PickleWriter();
        var isNested = random.Next(2) == 0;
        writer.Op("}");
        if (isNested)
        {
            writer.Text("string_to_param").Op("}");
        }
        writer
            .Text("*")
            .Tensor(
                "FloatStorage",
                "0",
                count,
                0,
                [.. shape.Select(length => (int)length)],
                [.. strides.Select(stride => (int)stride)],
                legacy: false
            )
            .Op(isNested ? "ss" : "s");
        return PickleWriter.Zip(writer.Stop(), ("0", new byte[count * sizeof(float)]));
    }

    private static long[] Shape(Random random) =>
        random.Next(6) switch
        {
            0 => [Width],
            1 => [0, Width],
            2 => [2, Width, 1],
            3 => [3, random.Next(1, 12)],
            _ => [random.Next(1, 5), Width],
        };

    private static DType OddType(Random random) =>
        random.Next(5) switch
        {
            0 => DType.Float16,
            1 => DType.Int64,
            2 => DType.Bool,
            _ => DType.Float32,
        };

    private static byte[] Damage(byte[] sound, Random random)
    {
        for (var changes = random.Next(0, 4); changes > 0 && sound.Length > 1; changes--)
        {
            var place = random.Next(sound.Length);
            sound = random.Next(4) switch
            {
                0 => sound[..place],
                1 => [.. sound[..place], (byte)random.Next(256), .. sound[place..]],
                _ => [.. sound[..place], (byte)random.Next(256), .. sound[(place + 1)..]],
            };
        }
        return sound;
    }
}
