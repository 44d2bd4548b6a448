using NodeHost.Tensors;
using NodeHost.Tensors.Gguf;

namespace NodeHost.Tests.Tensors.Gguf;

[AssertNoLeakedTensors]
public sealed class GgufFileTests : IDisposable
{
    private const int BFloat16 = 30;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Load_PlainNumbers_AreAsStoredWithTheShapeTurnedRound()
    {
        using var scope = new TensorScope();
        float[] numbers = [1, -2, 3.5f, 0.25f, 1e3f, -1e-3f];
        var words = numbers.Select(number => (ushort)(BitConverter.SingleToUInt32Bits(number) >> 16)).ToArray();
        using var file = Open(
            new GgufWriter()
                .Text("general.architecture", "flux")
                .Tensor("wide", [2, 3], GgufWriter.F32, Bytes(numbers))
                .Tensor("half", [3, 2], GgufWriter.F16, [.. numbers.SelectMany(n => BitConverter.GetBytes((Half)n))])
                .Tensor("brain", [6], BFloat16, [.. words.SelectMany(BitConverter.GetBytes)])
        );

        Assert.Equal("flux", file.Architecture);
        var wide = file.Load("wide");
        Assert.Equal((DType.Float32, "2,3"), (wide.DType, string.Join(',', wide.Shape.ToArray())));
        Assert.Equal(numbers, wide.ToArray<float>());
        Assert.Equal(DType.Float16, file.Entries["half"].DType);
        Assert.Equal(numbers.Select(number => (float)(Half)number), file.Load("half").ToArray<float>());
        Assert.Equal(DType.BFloat16, file.Load("brain").DType);
        Assert.Equal(
            words.Select(word => BitConverter.UInt32BitsToSingle((uint)word << 16)),
            file.Load("brain").ToArray<float>()
        );
    }

    /// <summary>Blocks whose numbers are worked out by hand; what is not given is zero.</summary>
    /// <param name="type">ggml's number of the type.</param>
    /// <param name="size">Bytes of the block.</param>
    /// <param name="bytes">Bytes set: place=value.</param>
    /// <param name="expected">Numbers: place=value.</param>
    [Theory]
    // d = 2: (15 - 8) * 2 low, (0 - 8) * 2 high
    [InlineData(2, 18, "1=0x40 2=0x0F", "0=14 16=-16 1=-16")]
    // d = 2, m = 1: 3 * 2 + 1 low, 5 * 2 + 1 high
    [InlineData(3, 20, "1=0x40 3=0x3C 4=0x53", "0=7 16=11 31=1")]
    // d = 2; bits 0 and 17 set: (3 + 16 - 16) * 2; (0 - 16) * 2; number 17 is (1 + 16 - 16) * 2
    [InlineData(6, 22, "1=0x40 2=0x01 4=0x02 6=0x03 7=0x10", "0=6 16=-32 17=2")]
    // d = 2, m = 1; bit 31 set: (15 + 16) * 2 + 1
    [InlineData(7, 24, "1=0x40 3=0x3C 7=0x80 23=0xF0", "31=63 15=1")]
    // d = 0.5: -128, 127
    [InlineData(8, 34, "1=0x38 2=0x80 33=0x7F", "0=-64 31=63.5")]
    // d = 1, dmin = 1; group 0: scale 3, minimum 2; number 0 is 2, number 32 (next two bits) 3 with group 2's scale 1
    [InlineData(10, 84, "81=0x3C 83=0x3C 0=0x23 2=0x01 16=0x0E", "0=4 1=-2 32=3 16=0")]
    // d = 1; group 0's scale 33 - 32; number 0 is 3 with its third bit, number 1 is 0 without
    [InlineData(11, 110, "109=0x3C 96=0x01 104=0x02 0=0x01 32=0x03", "0=3 1=-4")]
    // d = 1, dmin = 1; group 0: scale 5, minimum 3; group 5: scale 1 + 2 * 16, minimum 0 + 1 * 16
    [InlineData(
        12,
        144,
        "1=0x3C 3=0x3C 4=0x05 8=0x03 13=0x01 5=0x80 9=0x40 16=0x07 80=0x20",
        "0=32 1=-3 160=50 161=-16"
    )]
    // d = 1; group 0: scale 2; number 0 is 3 + 16
    [InlineData(13, 176, "1=0x3C 4=0x02 16=0x01 48=0x03", "0=38 1=0")]
    // d = 1; group 0: scale -2; number 0 is 5 + 1 * 16 - 32
    [InlineData(14, 210, "209=0x3C 192=0xFE 0=0x05 128=0x01", "0=22 1=64 16=0")]
    public void Load_BlockWorkedOutByHand_GivesItsNumbers(int type, int size, string bytes, string expected)
    {
        using var scope = new TensorScope();
        var block = new byte[size];
        foreach (var (place, value) in Pairs(bytes))
        {
            block[place] = Convert.ToByte(value, 16);
        }
        var count = NaiveGgml.Types.Single(known => known.Type == type).Elements;
        using var file = Open(new GgufWriter().Tensor("x", [count], type, block));

        var numbers = file.Load("x").ToArray<float>();

        foreach (var (place, value) in Pairs(expected))
        {
            Assert.Equal(float.Parse(value, System.Globalization.CultureInfo.InvariantCulture), numbers[place]);
        }
    }

    public static TheoryData<int> QuantisedTypes => [.. NaiveGgml.Types.Select(known => known.Type)];

    [Theory]
    [MemberData(nameof(QuantisedTypes))]
    public void Load_RandomBlocks_AreTheNaiveDecodersBitForBit(int type)
    {
        using var scope = new TensorScope();
        var (_, elements, bytes) = NaiveGgml.Types.Single(known => known.Type == type);
        const int blocks = 9000; // more than are decoded in one go
        var data = new byte[blocks * bytes];
        new Random(type).NextBytes(data);
        using var file = Open(new GgufWriter().Tensor("x", [blocks / 3, 3 * elements], type, data));

        var numbers = file.Load("x").ToArray<float>();

        for (var index = 0; index < numbers.Length; index++)
        {
            var block = data[(index / elements * bytes)..(index / elements * bytes + bytes)];
            var expected = NaiveGgml.Number(type, block, index % elements);
            if (BitConverter.SingleToUInt32Bits(expected) != BitConverter.SingleToUInt32Bits(numbers[index]))
            {
                Assert.True(
                    float.IsNaN(expected) && float.IsNaN(numbers[index]),
                    $"{index}: {expected}, {numbers[index]}"
                );
            }
        }
    }

    [Fact]
    public void Load_FlattenedTensor_HasItsOriginalShape()
    {
        using var scope = new TensorScope();
        var (data, decoded) = GgufWriter.QuantiseQ8([.. Enumerable.Range(0, 288).Select(n => n - 100f)]);
        using var file = Open(
            new GgufWriter().Numbers("comfy.gguf.orig_shape.x", 8, 4, 3, 3).Tensor("x", [9, 32], GgufWriter.Q8, data)
        );

        var tensor = file.Load("x");

        Assert.Equal("8,4,3,3", string.Join(',', tensor.Shape.ToArray()));
        Assert.Equal(decoded, tensor.ToArray<float>());
    }

    [Theory]
    [InlineData(8)]
    [InlineData(256)]
    public void Open_OtherAlignment_FindsTheData(int alignment)
    {
        using var scope = new TensorScope();
        using var file = Open(
            new GgufWriter { Alignment = alignment }
                .Number("general.alignment", (uint)alignment)
                .Tensor("a", [1], GgufWriter.F32, Bytes([3]))
                .Tensor("b", [1], GgufWriter.F32, Bytes([4]))
        );

        Assert.Equal(4, file.Load("b").Item());
    }

    [Fact]
    public void Open_Refused_SaysWhatAndWhy()
    {
        static GgufWriter One(int type, long[] shape, int bytes) =>
            new GgufWriter().Tensor("x", shape, type, new byte[bytes]);

        Assert.Contains("'x' is stored as IQ4_XS, which is not read", Refusal(One(23, [256], 136).Build()));
        Assert.Contains("Q6_K", Refusal(One(23, [256], 136).Build()));
        Assert.Contains("'x' is stored as type 77", Refusal(One(77, [1], 4).Build()));
        Assert.Contains("rows of 33, which are no whole blocks of 32 in Q8_0", Refusal(One(8, [2, 33], 68).Build()));
        Assert.Contains("[4, 4]", Refusal(One(0, [4], 16).Numbers("comfy.gguf.orig_shape.x", 4, 4).Build()));
        Assert.Contains("version 1", Refusal(new GgufWriter { Version = 1 }.Build()));
        Assert.Contains("most significant byte first", Refusal(new GgufWriter { Version = 0x03000000 }.Build()));
        Assert.Contains("begins with GGUF", Refusal("<html>"u8.ToArray()));
        Assert.Contains("begins with GGUF", Refusal([]));
        Assert.Contains("power of two", Refusal(new GgufWriter().Number("general.alignment", 24).Build()));
        Assert.Contains("is there twice", Refusal(One(0, [1], 4).Tensor("x", [1], 0, new byte[4]).Build()));
        Assert.Contains("7 dimensions", Refusal(One(0, [1, 1, 1, 1, 1, 1, 1], 4).Build()));
        Assert.Contains("which no file holds", Refusal(One(0, [1L << 40, 1L << 40], 4).Build()));
        Assert.Contains("value of type 99", Refusal(new GgufWriter().Value("k", 99, _ => { }).Build()));

        var whole = One(0, [64], 256).Build();
        Assert.Contains("256 bytes at offset 0, but the file has", Refusal(whole[..^40]));
        Assert.Contains("are left", Refusal(whole[..30]));
        Assert.All(Enumerable.Range(0, whole.Length), length => Assert.NotEmpty(Refusal(whole[..length])));
    }

    [Fact]
    public void Open_TwoThousandDamagedFiles_IsRefusedOrReadAndNeverCrashes()
    {
        using var scope = new TensorScope();
        var sound = new GgufWriter()
            .Text("general.architecture", "flux")
            .Number("general.alignment", 32)
            .Numbers("comfy.gguf.orig_shape.b", 4, 8, 2, 2)
            .Value("list", 9, writer => WriteTexts(writer, "a", "bc"))
            .Tensor("a", [4, 8], GgufWriter.F32, new byte[128])
            .Tensor("b", [2, 64], GgufWriter.Q8, new byte[136])
            .Tensor("c", [256], 12, new byte[144])
            .Build();
        var (read, refused) = (0, 0);
        for (var seed = 0; seed < 2000; seed++)
        {
            var path = _folder.File("damaged.gguf");
            File.WriteAllBytes(path, Damage(sound, new Random(seed)));
            try
            {
                using var step = new TensorScope();
                using var file = GgufFile.Open(path);
                foreach (var key in file.Entries.Keys)
                {
                    file.Load(key);
                }
                read++;
            }
            catch (GgufException)
            {
                refused++;
            }
        }

        Assert.Equal(2000, read + refused);
        Assert.True(refused > 800 && read > 80, $"{read} read, {refused} refused: the damage is one-sided");
    }

    private static byte[] Damage(byte[] sound, Random random)
    {
        var bytes = (byte[])sound.Clone();
        for (var fault = random.Next(1, 4); fault > 0; fault--)
        {
            var place = random.Next(bytes.Length);
            switch (random.Next(5))
            {
                case 0:
                    bytes[place] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes[place] ^= (byte)(1 << random.Next(8));
                    break;
                case 2:
                    bytes = bytes[..place];
                    break;
                case 3:
                    bytes = [.. bytes[..place], .. new byte[random.Next(1, 9)], .. bytes[place..]];
                    break;
                default:
                    var run = Math.Min(bytes.Length - place, 8);
                    bytes.AsSpan(place, run).Fill(random.Next(2) == 0 ? (byte)0xFF : (byte)0);
                    break;
            }
            if (bytes.Length == 0)
            {
                break;
            }
        }
        return bytes;
    }

    private static void WriteTexts(BinaryWriter writer, params string[] texts)
    {
        writer.Write(8);
        writer.Write((ulong)texts.Length);
        foreach (var text in texts)
        {
            writer.Write((ulong)text.Length);
            writer.Write(text.ToCharArray());
        }
    }

    private string Refusal(byte[] bytes)
    {
        var path = _folder.File("refused.gguf");
        File.WriteAllBytes(path, bytes);
        var error = Assert.Throws<GgufException>(() => GgufFile.Open(path));
        Assert.StartsWith(path, error.Message);
        return error.Message;
    }

    private GgufFile Open(GgufWriter writer)
    {
        var path = _folder.File($"{Guid.NewGuid():N}.gguf");
        File.WriteAllBytes(path, writer.Build());
        return GgufFile.Open(path);
    }

    private static byte[] Bytes(float[] numbers) => [.. numbers.SelectMany(BitConverter.GetBytes)];

    private static IEnumerable<(int Place, string Value)> Pairs(string text) =>
        text.Split(' ').Select(pair => pair.Split('=')).Select(pair => (int.Parse(pair[0]), pair[1]));
}
