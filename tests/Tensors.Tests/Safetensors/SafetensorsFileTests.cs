using System.Globalization;
using NodeHost.Tensors;
using NodeHost.Tensors.Safetensors;

namespace NodeHost.Tests.Tensors.Safetensors;

[AssertNoLeakedTensors]
public sealed class SafetensorsFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string FilePath => _folder.File("model.safetensors");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Forget_LoadedTensor_LeavesMemoryAndStaysGood()
    {
        using var scope = new TensorScope();
        var saved = Tensor.Arange(0, 4 << 20); // 16 MB
        SafetensorsWriter.Save(FilePath, new Dictionary<string, Tensor> { ["a"] = Tensor.Ones([3]), ["w"] = saved });
        using var file = SafetensorsFile.Open(FilePath);
        var loaded = file.Load("w");
        var untouched = ResidentFileBytes();
        var sum = loaded.Sum().Item();
        var touched = ResidentFileBytes();

        file.Forget("w");

        Assert.True(touched - untouched > 12 << 20);
        Assert.True(touched - ResidentFileBytes() > 12 << 20);
        Assert.Equal(sum, loaded.Sum().Item());
        Assert.Equal(3, file.Load("a").Sum().Item());
    }

    // Lines of /proc/self/status read "RssFile:    123 kB".
    private static long ResidentFileBytes()
    {
        const string Name = "RssFile:";
        var line = File.ReadLines("/proc/self/status").First(line => line.StartsWith(Name, StringComparison.Ordinal));
        return 1024 * long.Parse(line[Name.Length..^2], CultureInfo.InvariantCulture);
    }

    [Theory]
    [InlineData(DType.Float64)]
    [InlineData(DType.Float32)]
    [InlineData(DType.Float16)]
    [InlineData(DType.BFloat16)]
    [InlineData(DType.Int64)]
    [InlineData(DType.Int32)]
    [InlineData(DType.Int16)]
    [InlineData(DType.Int8)]
    [InlineData(DType.UInt8)]
    [InlineData(DType.Bool)]
    public void Load_EveryType_GivesWhatWasSaved(DType dtype)
    {
        using var scope = new TensorScope();
        var saved = Tensor.From([0f, 1, 0, 1, 1, 1], 2, 3).To(dtype);
        SafetensorsWriter.Save(FilePath, new Dictionary<string, Tensor> { ["w"] = saved });

        using var file = SafetensorsFile.Open(FilePath);
        var loaded = file.Load("w");

        Assert.Equal(dtype, loaded.DType);
        Assert.Equal(dtype, file.Entries["w"].DType);
        Assert.True(loaded.IsEqualTo(saved));
    }

    [Fact]
    public void Open_MetadataAndEntries_AreKnownWithoutLoading()
    {
        using var scope = new TensorScope();
        var tensors = new Dictionary<string, Tensor> { ["a"] = Tensor.Zeros([2, 0]), ["b"] = Tensor.FromScalar(7) };
        var metadata = new Dictionary<string, string>
        {
            ["format"] = "pt",
            ["prompt"] = "{\"text\": \"caf\u00e9 \\n\"}",
        };
        SafetensorsWriter.Save(FilePath, tensors, metadata);

        using var file = SafetensorsFile.Open(FilePath);

        Assert.Equal(metadata, file.Metadata);
        Assert.Equal(["a", "b"], file.Entries.Keys);
        Assert.Equal([2L, 0], file.Entries["a"].Shape.ToArray());
        Assert.Equal(0, file.Entries["b"].Rank);
        Assert.Equal(0, file.Load("a").ElementCount);
        Assert.Equal(7, file.Load("b").Item());
    }

    [Fact]
    public void Load_OfMappedTensor_OutlivesTheFileObjectAndFreesTheMapping()
    {
        SafetensorsFile file;
        Tensor weight;
        using (var scope = new TensorScope())
        {
            SafetensorsWriter.Save(FilePath, new Dictionary<string, Tensor> { ["w"] = Tensor.Arange(0, 1000) });
            file = SafetensorsFile.Open(FilePath);
            weight = scope.Keep(file.Load("w"));
        }
        Assert.True(IsMapped());

        file.Dispose();
        file.Dispose();
        Assert.Equal(999, weight.Max().Use(max => max.Item()));
        Assert.True(IsMapped());

        weight.Dispose();
        Assert.False(IsMapped());
        Assert.Throws<ObjectDisposedException>(() => file.Load("w"));
    }

    [Fact]
    public void Load_ViewOfMappedTensor_KeepsTheMapping()
    {
        using var scope = new TensorScope();
        SafetensorsWriter.Save(FilePath, new Dictionary<string, Tensor> { ["w"] = Tensor.Arange(0, 1000) });
        Tensor view;
        using (var file = SafetensorsFile.Open(FilePath))
        {
            using var weight = file.Load("w");
            view = weight.Slice(0, 500..502);
        }

        Assert.Equal([500f, 501], view.ToArray<float>());
        view.Dispose();
        Assert.False(IsMapped());
    }

    [Fact]
    public void MappedTensor_WrittenInPlace_LeavesTheFileAlone()
    {
        using var scope = new TensorScope();
        SafetensorsWriter.Save(FilePath, new Dictionary<string, Tensor> { ["w"] = Tensor.Ones([64]) });
        var before = File.ReadAllBytes(FilePath);

        using var file = SafetensorsFile.Open(FilePath);
        file.Load("w").FillInPlace(5);

        Assert.Equal(before, File.ReadAllBytes(FilePath));
        using var again = SafetensorsFile.Open(FilePath);
        Assert.Equal(1, again.Load("w").Max().Item());
    }

    [Fact]
    public void Load_UnalignedData_IsCopied()
    {
        using var scope = new TensorScope();
        const string header =
            """{"b":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"x":{"dtype":"I32","shape":[2],"data_offsets":[1,9]}}""";
        File.WriteAllBytes(FilePath, RawSafetensors.Make(header.PadRight(120), 9));

        using var file = SafetensorsFile.Open(FilePath);

        Assert.Equal([0x04030201, 0x08070605], file.Load("x").ToArray<int>());
    }

    [Fact]
    public void Load_Float8_GivesBytesOrDecodedValues()
    {
        using var scope = new TensorScope();
        const string header = """{"w":{"dtype":"F8_E4M3","shape":[2],"data_offsets":[0,2]}}""";
        File.WriteAllBytes(FilePath, [.. RawSafetensors.Make(header, 0), 0x38, 0x7E]);

        using var file = SafetensorsFile.Open(FilePath);

        Assert.Equal(DType.Float8E4M3, file.Entries["w"].DType);
        Assert.Equal([0x38, 0x7E], file.Load("w").ToArray<byte>());
        Assert.Equal([1f, 448], file.Load("w", DType.Float16).ToArray<float>());
    }

    [Fact]
    public void Load_AsAnotherType_Converts()
    {
        using var scope = new TensorScope();
        SafetensorsWriter.Save(FilePath, new Dictionary<string, Tensor> { ["w"] = Tensor.Ones([2], DType.BFloat16) });

        using var file = SafetensorsFile.Open(FilePath);

        Assert.Equal(DType.Float32, file.Load("w", DType.Float32).DType);
    }

    [Fact]
    public void Load_UnknownKey_NamesTheFileAndKeysItHas()
    {
        using var scope = new TensorScope();
        SafetensorsWriter.Save(FilePath, new Dictionary<string, Tensor> { ["weight"] = Tensor.Ones([2]) });
        using var file = SafetensorsFile.Open(FilePath);

        var error = Assert.Throws<SafetensorsException>(() => file.Load("wait"));

        Assert.Contains(FilePath, error.Message);
        Assert.Contains("'wait'", error.Message);
        Assert.Contains("weight", error.Message);
    }

    private bool IsMapped() => File.ReadAllText("/proc/self/maps").Contains(FilePath, StringComparison.Ordinal);
}
