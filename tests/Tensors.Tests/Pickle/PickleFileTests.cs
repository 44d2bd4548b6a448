using System.Runtime.InteropServices;
using NodeHost.Tensors.Pickle;
using NodeHost.Tests.Tensors.Safetensors;

namespace NodeHost.Tests.Tensors.Pickle;

[AssertNoLeakedTensors]
public sealed class PickleFileTests : IDisposable
{
    private static readonly byte[] Floats = MemoryMarshal.AsBytes<float>([1, 2, 3, 4, 5, 6]).ToArray();
    private static readonly byte[] Shorts = MemoryMarshal.AsBytes<short>([7, -8]).ToArray();

    private readonly TemporaryFolder _folder = new();

    private string FilePath => _folder.File("model.ckpt");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Load_ViewsOfOneStorage_GivesRowMajorValues(bool legacy)
    {
        using var file = Open(Sound(legacy));

        Assert.Equal(["whole", "turned", "tail", "short"], file.Entries.Keys);
        Assert.Equal([1f, 2, 3, 4, 5, 6], file.Load("whole").Use(tensor => tensor.ToArray<float>()));
        Assert.Equal([1f, 4, 2, 5, 3, 6], file.Load("turned").Use(tensor => tensor.ToArray<float>()));
        Assert.Equal([3L, 2], file.Load("turned").Use(tensor => tensor.Shape.ToArray()));
        Assert.Equal([5f, 6], file.Load("tail").Use(tensor => tensor.ToArray<float>()));
        Assert.Equal([7, -8], file.Load("short").Use(tensor => tensor.ToArray<short>()));
    }

    [Theory]
    [InlineData("state_dict")]
    [InlineData("string_to_param")]
    [InlineData("model")]
    public void Open_NestedStateDictionary_TakesItAndLeavesTheRest(string name)
    {
        var pickle = new PickleWriter().Op("}").Text("epoch").Number(3).Op("s").Text(name).Op("}").Text("*");
        Tensor(pickle, count: 6).Op("ss");

        using var file = Open(PickleWriter.Zip(pickle.Stop(), ("0", Floats)));

        Assert.Equal(["*"], file.Entries.Keys);
    }

    [Fact]
    public void Open_ForeignFunction_IsRefusedByName()
    {
        var pickle = new PickleWriter().Global("posix", "system").Text("touch PWNED").Op(0x85).Op("R").Stop();

        var error = Refused(PickleWriter.Zip(pickle));

        Assert.Equal(PickleRefusal.GlobalNotAllowed, error.Refusal);
        Assert.Contains("'posix.system'", error.Message, StringComparison.Ordinal);
        Assert.Contains(FilePath, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_TrainingCallback_IsAnInertValue()
    {
        var pickle = new PickleWriter().Op("}").Text("hook");
        pickle.Global("pytorch_lightning.callbacks.model_checkpoint", "ModelCheckpoint").Op("s").Text("w");
        Tensor(pickle, count: 6).Op("s");

        using var file = Open(PickleWriter.Zip(pickle.Stop(), ("0", Floats)));

        Assert.Equal(["w"], file.Entries.Keys);
    }

    [Fact]
    public void Open_BigEndianLegacy_IsRefused()
    {
        var pickle = new PickleWriter().Op("}").Stop();

        Assert.Equal(PickleRefusal.ByteOrder, Refused(PickleWriter.Legacy(pickle, littleEndian: false)).Refusal);
    }

    [Fact]
    public void Open_StorageLongerThanTheFile_IsRefused()
    {
        var pickle = Tensor(new PickleWriter().Op("}").Text("w"), count: 1000).Op("s").Stop();

        Assert.Equal(PickleRefusal.TensorBounds, Refused(PickleWriter.Zip(pickle, ("0", Floats))).Refusal);
    }

    [Theory]
    [InlineData(6, new[] { 7 }, new[] { 1 })]
    [InlineData(6, new[] { -1 }, new[] { 1 })]
    [InlineData(6, new[] { 2 }, new[] { -1 })]
    [InlineData(6, new[] { int.MaxValue, int.MaxValue, int.MaxValue }, new[] { 0, 0, 0 })]
    [InlineData(6, new[] { 1 << 30 }, new[] { 0 })]
    [InlineData(6, new[] { 2, 3 }, new[] { 1 })]
    public void Open_TensorOutsideItsStorage_IsRefused(int count, int[] shape, int[] strides)
    {
        var pickle = new PickleWriter().Op("}").Text("w");
        pickle.Tensor("FloatStorage", "0", count, 0, shape, strides, legacy: false).Op("s");

        Assert.Equal(PickleRefusal.TensorBounds, Refused(PickleWriter.Zip(pickle.Stop(), ("0", Floats))).Refusal);
    }

    [Theory]
    [InlineData((byte)0x85, (byte)0, PickleRefusal.NotAStateDict)] // tuples in tuples
    [InlineData((byte)'2', (byte)0, PickleRefusal.NotAStateDict)] // the stack doubled value by value
    [InlineData((byte)'l', (byte)'(', PickleRefusal.Stack)] // lists behind marks
    [InlineData((byte)'(', (byte)0, PickleRefusal.Stack)]
    public void Open_MillionsOfSteps_EndsSoon(byte opcode, byte before, PickleRefusal refusal)
    {
        byte[] step = before == 0 ? [opcode] : [before, opcode, (byte)'('];
        var pickle = new PickleWriter()
            .Op(")")
            .Op(Enumerable.Repeat(step, 1_000_000).SelectMany(code => code).ToArray());

        Assert.Equal(refusal, Refused(PickleWriter.Zip(pickle.Stop())).Refusal);
    }

    [Fact]
    public void Open_DictionaryRebuiltAgainAndAgain_StopsAtABound()
    {
        var pickle = new PickleWriter().Op("](");
        for (var i = 0; i < 20_000; i++)
        {
            pickle.Text($"{i}").Op("N").Op(0x86);
        }
        pickle.Op("e").Op(0x85).Op("q").Op(0).Op("0");
        for (var i = 0; i < 10_000; i++)
        {
            pickle.Global("collections", "OrderedDict").Op("h").Op(0).Op("R0");
        }

        Assert.Equal(PickleRefusal.BadLength, Refused(PickleWriter.Zip(pickle.Op("N").Stop())).Refusal);
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 2)]
    public void Open_MutatedFile_LoadsOrIsRefused(bool legacy, int seed)
    {
        var sound = Sound(legacy);
        var random = new Random(seed);
        var refused = 0;
        for (var i = 0; i < 1000; i++)
        {
            File.WriteAllBytes(FilePath, Mutate(sound, random));
            try
            {
                using var file = PickleFile.Open(FilePath);
                foreach (var key in file.Entries.Keys)
                {
                    using var tensor = file.Load(key);
                    using var copy = tensor.Clone();
                }
            }
            catch (PickleException error)
            {
                Assert.StartsWith(FilePath, error.Message, StringComparison.Ordinal);
                refused++;
            }
        }
        Assert.InRange(refused, 300, 999);
    }

    private static byte[] Mutate(byte[] sound, Random random)
    {
        var bytes = sound.ToList();
        for (var change = random.Next(1, 5); change > 0; change--)
        {
            var place = random.Next(bytes.Count);
            switch (random.Next(6))
            {
                case 0:
                    bytes.Insert(place, (byte)random.Next(256));
                    break;
                case 1:
                    bytes.RemoveAt(place);
                    break;
                case 2:
                    bytes[place] = (byte)(random.Next(2) * 255);
                    break;
                case 3 when random.Next(8) == 0:
                    bytes.RemoveRange(place, bytes.Count - place);
                    bytes.Add(0);
                    break;
                default:
                    bytes[place] = (byte)random.Next(256);
                    break;
            }
        }
        return [.. bytes];
    }

    // [[1, 2, 3], [4, 5, 6]], its transpose, its end, and shorts.
    private static byte[] Sound(bool legacy)
    {
        var pickle = new PickleWriter().Op("}(").Text("whole");
        pickle.Tensor("FloatStorage", "0", 6, 0, [2, 3], [3, 1], legacy).Text("turned");
        pickle.Tensor("FloatStorage", "0", 6, 0, [3, 2], [1, 3], legacy).Text("tail");
        pickle.Tensor("FloatStorage", "0", 6, 4, [2], [1], legacy).Text("short");
        pickle.Tensor("ShortStorage", "1", 2, 0, [2], [1], legacy).Text("epoch").Number(5).Op("u");
        return legacy
            ? PickleWriter.Legacy(pickle.Stop(), littleEndian: true, ("0", 6, Floats), ("1", 2, Shorts))
            : PickleWriter.Zip(pickle.Stop(), ("0", Floats), ("1", Shorts));
    }

    private static PickleWriter Tensor(PickleWriter pickle, int count) =>
        pickle.Tensor("FloatStorage", "0", count, 0, [2, 3], [3, 1], legacy: false);

    private PickleFile Open(byte[] bytes)
    {
        File.WriteAllBytes(FilePath, bytes);
        return PickleFile.Open(FilePath);
    }

    private PickleException Refused(byte[] bytes) => Assert.Throws<PickleException>(() => Open(bytes));
}
