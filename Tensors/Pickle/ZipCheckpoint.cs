using Microsoft.Win32.SafeHandles;

namespace NodeHost.Tensors.Pickle;

/// <summary>The format since PyTorch 1.6: a zip archive of NAME/data.pkl and one entry NAME/data/KEY per storage.</summary>
internal sealed class ZipCheckpoint
{
    private const string PickleName = "/data.pkl";

    private readonly ZipDirectory _zip;
    private readonly PickleReader _reader;
    private readonly string _prefix;
    private readonly Dictionary<string, StoredData> _stored = new(StringComparer.Ordinal);

    private ZipCheckpoint(ZipDirectory zip, PickleReader reader, string prefix)
    {
        _zip = zip;
        _reader = reader;
        _prefix = prefix;
    }

    /// <summary>What the pickle holds.</summary>
    public static object? Read(string path, SafeFileHandle handle, long length)
    {
        var zip = ZipDirectory.Read(path, handle, length);
        var name =
            zip.Names.FirstOrDefault(name => name.EndsWith(PickleName, StringComparison.Ordinal))
            ?? throw new PickleException(
                path,
                PickleRefusal.NotACheckpoint,
                "a zip archive without data.pkl, expected one written by torch.save. Unpack it if a model file is inside."
            );
        var prefix = name[..^PickleName.Length];
        CheckByteOrder(path, handle, zip.Find($"{prefix}/byteorder"));
        var (position, size) = zip.Find(name)!.Value;
        var reader = new PickleReader(path, handle, position, position + size);
        var checkpoint = new ZipCheckpoint(zip, reader, prefix);
        return new PickleMachine(reader, checkpoint.Resolve).Run();
    }

    private PickleStorage Resolve(PickleTuple tuple)
    {
        var id = PersistentId.Parse(_reader, tuple);
        if (!_stored.TryGetValue(id.Key, out var data))
        {
            var (position, size) =
                _zip.Find($"{_prefix}/data/{id.Key}")
                ?? throw _reader.Refuse(
                    PickleRefusal.StorageMissing,
                    $"storage '{PersistentId.Show(id.Key)}' is not in the archive"
                );
            data = new StoredData(id.Key, size) { Position = position };
            _stored.Add(id.Key, data);
        }
        if (id.ByteCount > data.ByteCount)
        {
            throw _reader.Refuse(
                PickleRefusal.TensorBounds,
                $"storage '{PersistentId.Show(id.Key)}' should have {id.ByteCount} bytes, the archive has {data.ByteCount}"
            );
        }
        return new PickleStorage(data, id.DType, 0, id.Count);
    }

    private static void CheckByteOrder(string path, SafeFileHandle handle, (long Position, long Length)? entry)
    {
        Span<byte> text = stackalloc byte[3];
        if (
            entry is { Length: 3 } found
            && RandomAccess.Read(handle, text, found.Position) == 3
            && text.SequenceEqual("big"u8)
        )
        {
            throw BigEndian(path);
        }
    }

    public static PickleException BigEndian(string path) =>
        new(
            path,
            PickleRefusal.ByteOrder,
            "the numbers are big-endian, expected little-endian. Save the model again on another machine."
        );
}
