using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace NodeHost.Tests.Tensors.Pickle;

/// <summary>Writes pickles opcode by opcode, and both of PyTorch's containers around them.</summary>
internal sealed class PickleWriter
{
    private static readonly byte[] Magic =
    [
        0x80,
        2,
        0x8a,
        10,
        0x6c,
        0xfc,
        0x9c,
        0x46,
        0xf9,
        0x20,
        0x6a,
        0xa8,
        0x50,
        0x19,
        (byte)'.',
    ];

    private readonly List<byte> _bytes = [];

    public PickleWriter() => Op(0x80, 2);

    public PickleWriter Op(params byte[] bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }

    public PickleWriter Op(string opcodes) => Op(Encoding.ASCII.GetBytes(opcodes));

    public PickleWriter Text(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var length = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, bytes.Length);
        return Op("X").Op(length).Op(bytes);
    }

    public PickleWriter Number(int number)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, number);
        return Op("J").Op(bytes);
    }

    public PickleWriter Global(string module, string name) => Op($"c{module}\n{name}\n");

    /// <summary>A call of _rebuild_tensor_v2 on a storage; legacy storages have a sixth part.</summary>
    public PickleWriter Tensor(
        string storage,
        string key,
        int count,
        int offset,
        int[] shape,
        int[] strides,
        bool legacy
    )
    {
        Global("torch._utils", "_rebuild_tensor_v2").Op("((").Text("storage").Global("torch", storage);
        Text(key).Text("cpu").Number(count).Op(legacy ? "NtQ" : "tQ").Number(offset);
        Numbers(shape).Numbers(strides);
        return Op(0x89).Global("collections", "OrderedDict").Op(")RtR");
    }

    public byte[] Stop()
    {
        Op(".");
        return [.. _bytes];
    }

    public static byte[] Zip(byte[] pickle, params (string Key, byte[] Data)[] storages)
    {
        using var file = new MemoryStream();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            Add(zip, "archive/data.pkl", pickle);
            foreach (var (key, data) in storages)
            {
                Add(zip, $"archive/data/{key}", data);
            }
            Add(zip, "archive/version", "3\n"u8.ToArray());
        }
        return file.ToArray();
    }

    public static byte[] Legacy(
        byte[] pickle,
        bool littleEndian,
        params (string Key, int Count, byte[] Data)[] storages
    )
    {
        var keys = new PickleWriter().Op("](");
        foreach (var (key, _, _) in storages)
        {
            keys.Text(key);
        }
        var version = new PickleWriter().Number(1001).Stop();
        var system = new PickleWriter().Op("}").Text("little_endian").Op(littleEndian ? [0x88] : [0x89]).Op("s").Stop();
        IEnumerable<byte> file = [.. Magic, .. version, .. system, .. pickle, .. keys.Op("e").Stop()];
        foreach (var (_, count, data) in storages)
        {
            file = [.. file, .. BitConverter.GetBytes((long)count), .. data];
        }
        return [.. file];
    }

    private PickleWriter Numbers(int[] numbers)
    {
        Op("(");
        foreach (var number in numbers)
        {
            Number(number);
        }
        return Op("t");
    }

    private static void Add(ZipArchive zip, string name, byte[] bytes)
    {
        using var entry = zip.CreateEntry(name, CompressionLevel.NoCompression).Open();
        entry.Write(bytes);
    }
}
