using System.Buffers.Binary;
using NodeHost.Tensors;
using NodeHost.Tensors.Safetensors;

namespace NodeHost.Tests.Tensors.Safetensors;

[AssertNoLeakedTensors]
public sealed class SafetensorsWriterTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string FilePath => _folder.File("out.safetensors");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Save_MixedTypes_AlignsHeaderAndWidestFirst()
    {
        using var scope = new TensorScope();
        var tensors = new Dictionary<string, Tensor>
        {
            ["bytes"] = Tensor.Ones([3], DType.UInt8),
            ["half"] = Tensor.Ones([3], DType.Float16),
            ["long"] = Tensor.Ones([1], DType.Int64),
        };

        SafetensorsWriter.Save(FilePath, tensors);

        var headerLength = BinaryPrimitives.ReadInt64LittleEndian(File.ReadAllBytes(FilePath));
        Assert.Equal(0, headerLength % 8);
        using var file = SafetensorsFile.Open(FilePath);
        Assert.Equal(["long", "half", "bytes"], file.Entries.Keys);
        Assert.Equal(8 + headerLength + 8 + 6 + 3, new FileInfo(FilePath).Length);
    }

    [Fact]
    public void Write_TransposedTensor_IsStoredRowMajor()
    {
        using var scope = new TensorScope();
        var transposed = Tensor.Arange(0, 6).Reshape(2, 3).Transpose(0, 1);

        SafetensorsWriter.Save(FilePath, new Dictionary<string, Tensor> { ["t"] = transposed });

        using var file = SafetensorsFile.Open(FilePath);
        Assert.Equal([0f, 3, 1, 4, 2, 5], file.Load("t").ToArray<float>());
    }

    [Fact]
    public void Write_InAnyOrderThenComplete_MakesTheFileAppear()
    {
        using var scope = new TensorScope();
        SafetensorsEntry[] entries = [new("a", DType.Float32, [2]), new("b", DType.Float8E5M2, [1])];
        using (var writer = new SafetensorsWriter(FilePath, entries))
        {
            writer.Write("b", Tensor.Full([1], 60, DType.UInt8));
            writer.Write("a", Tensor.Ones([2]));
            Assert.False(File.Exists(FilePath));
            writer.Complete();
        }

        using var file = SafetensorsFile.Open(FilePath);
        Assert.Equal(1, file.Load("b", DType.Float32).Item());
        Assert.Single(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void Dispose_BeforeComplete_LeavesTheOldFileAndNoOther()
    {
        using var scope = new TensorScope();
        File.WriteAllText(FilePath, "old");
        using (var writer = new SafetensorsWriter(FilePath, [new("a", DType.Float32, [2])]))
        {
            Assert.Throws<InvalidOperationException>(writer.Complete);
        }

        Assert.Equal("old", File.ReadAllText(FilePath));
        Assert.Single(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void Write_WhatWasNotAnnounced_IsRefused()
    {
        using var scope = new TensorScope();
        using var writer = new SafetensorsWriter(FilePath, [new("a", DType.Float32, [2])]);

        Assert.Throws<ArgumentException>(() => writer.Write("b", Tensor.Ones([2])));
        Assert.Contains("[2] f32", Assert.Throws<ArgumentException>(() => writer.Write("a", Tensor.Ones([3]))).Message);
        Assert.Throws<ArgumentException>(() => writer.Write("a", Tensor.Ones([2], DType.Float64)));
    }

    [Fact]
    public void Save_OverAMappedFile_LeavesItsTensorsAlone()
    {
        using var scope = new TensorScope();
        SafetensorsWriter.Save(FilePath, new Dictionary<string, Tensor> { ["w"] = Tensor.Ones([8]) });
        using var file = SafetensorsFile.Open(FilePath);
        var old = file.Load("w");

        SafetensorsWriter.Save(FilePath, new Dictionary<string, Tensor> { ["w"] = Tensor.Zeros([8]) });

        Assert.Equal(1, old.Min().Item());
    }
}
