using System.IO.Compression;
using System.Text;
using NodeHost.Diffusion.FluxSpace.Numpy;

namespace NodeHost.Tests.Diffusion.FluxSpace;

public sealed class NumpyArchiveTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Write_EveryType_ReadsBack()
    {
        var path = _folder.File("sub/all.npz");
        NumpyArchive.Write(
            path,
            [
                ("f4", NumpyArray.Of([1f, 2, 3, 4, 5, 6], 2, 3)),
                ("f2", NumpyArray.Of([(Half)0.5, (Half)(-2)], 2)),
                ("f8", NumpyArray.Of([0.1])),
                ("i8", NumpyArray.Of([-1L, 1L << 40])),
                ("text", NumpyArray.Of(["double_0", "é"])),
            ]
        );
        using var file = NumpyArchive.Open(path);

        Assert.Equal(["f4", "f2", "f8", "i8", "text"], file.Names);
        Assert.Equal("[2, 3] <f4", file.Read("f4").ToString());
        Assert.Equal([1f, 2, 3, 4, 5, 6], file.Read("f4").ToFloats());
        Assert.Equal([0.5f, -2], file.Read("f2").ToFloats());
        Assert.Equal([0.1], file.Read("f8").ToDoubles());
        Assert.Equal([-1L, 1L << 40], file.Read("i8").ToIntegers());
        Assert.Equal(["double_0", "é"], file.Read("text").ToTexts());
    }

    [Fact]
    public void Write_Header_IsNumpys()
    {
        var path = _folder.File("one.npz");
        NumpyArchive.Write(path, [("a", NumpyArray.Of([1f], 1))]);
        using var zip = ZipFile.OpenRead(path);
        using var stream = zip.Entries.Single().Open();
        var bytes = new byte[128 + 4];
        stream.ReadExactly(bytes);

        Assert.Equal(
            "{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }",
            Encoding.ASCII.GetString(bytes, 10, 57)
        );
        Assert.Equal((byte)'\n', bytes[127]);
        Assert.Equal(118, bytes[8]);
    }

    [Fact]
    public void Read_ColumnMajor_IsPutInOrder()
    {
        var path = Save("{'descr': '<f4', 'fortran_order': True, 'shape': (2, 3), }", Floats(1, 4, 2, 5, 3, 6));
        using var file = NumpyArchive.Open(path);

        Assert.Equal([1f, 2, 3, 4, 5, 6], file.Read("a").ToFloats());
    }

    [Fact]
    public void Read_Version2_IsUnderstood()
    {
        var path = Save("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }", Floats(3), version: 2);
        using var file = NumpyArchive.Open(path);

        Assert.Equal([3f], file.Read("a").ToFloats());
    }

    [Theory]
    [InlineData("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }", "pickles")]
    [InlineData("{'descr': '>f4', 'fortran_order': False, 'shape': (1,), }", "little-endian")]
    [InlineData("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }", "plain array")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", "does not fit the 4 bytes")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (-1,), }", "plain array")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (4294967296, 4294967296), }", "does not fit")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,), }", "no shape")]
    [InlineData("import os", "plain array")]
    public void Read_HostileHeader_SaysWhatIsWrong(string header, string expected)
    {
        var path = Save(header, Floats(1));
        using var file = NumpyArchive.Open(path);
        var error = Assert.Throws<NumpyException>(() => file.Read("a"));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_HeaderLongerThanTheFile_IsRefused()
    {
        var path = Save("{}", Floats(1), claimedLength: 60000);
        using var file = NumpyArchive.Open(path);

        Assert.Throws<NumpyException>(() => file.Read("a"));
    }

    [Fact]
    public void Read_MissingArray_NamesThoseThereAre()
    {
        var path = Save("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }", Floats(1));
        using var file = NumpyArchive.Open(path);

        Assert.Contains(
            "it has a",
            Assert.Throws<NumpyException>(() => file.Read("b")).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Open_AnythingElse_IsRefused()
    {
        var path = _folder.File("text.npz");
        File.WriteAllText(path, "not a zip archive");

        Assert.Contains(
            "numpy.savez",
            Assert.Throws<NumpyException>(() => NumpyArchive.Open(path)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Open_EveryTruncation_GivesAnErrorOfItsOwn()
    {
        var path = _folder.File("whole.npz");
        NumpyArchive.Write(path, [("a", NumpyArray.Of([1f, 2], 2)), ("b", NumpyArray.Of(["x"]))]);
        var whole = File.ReadAllBytes(path);
        var cut = _folder.File("cut.npz");
        for (var length = 0; length < whole.Length; length += 7)
        {
            File.WriteAllBytes(cut, whole[..length]);
            Assert.Throws<NumpyException>(() =>
            {
                using var file = NumpyArchive.Open(cut);
                return file.Read("a").Data.Length + file.Read("b").Data.Length;
            });
        }
    }

    private static byte[] Floats(params float[] values) =>
        [.. values.SelectMany(value => BitConverter.GetBytes(value))];

    private string Save(string header, byte[] data, byte version = 1, int? claimedLength = null)
    {
        var path = _folder.File("crafted.npz");
        using var archive = ZipFile.Open(path, ZipArchiveMode.Create);
        using var stream = archive.CreateEntry("a.npy", CompressionLevel.NoCompression).Open();
        var length = claimedLength ?? header.Length;
        stream.Write([0x93, .. "NUMPY"u8, version, 0]);
        stream.Write(version == 1 ? BitConverter.GetBytes((ushort)length) : BitConverter.GetBytes(length));
        stream.Write(Encoding.ASCII.GetBytes(header));
        stream.Write(data);
        return path;
    }
}
