using System.Numerics;
using Microsoft.Win32.SafeHandles;

namespace NodeHost.Tensors.Pickle;

/// <summary>
/// The format before PyTorch 1.6: pickles of a magic number, a version, the writer's system, the object, and the keys of
/// the storages; then per key the number of elements and their bytes.
/// </summary>
internal sealed class LegacyCheckpoint
{
    private const long Version = 1001;
    private static readonly BigInteger Magic = BigInteger.Parse(
        "119547037146038801333356",
        System.Globalization.CultureInfo.InvariantCulture
    );

    private readonly PickleReader _reader;
    private readonly long _length;
    private readonly Dictionary<string, (StoredData Data, PersistentId Id)> _stored = new(StringComparer.Ordinal);

    private LegacyCheckpoint(PickleReader reader, long length)
    {
        _reader = reader;
        _length = length;
    }

    /// <summary>What the pickle of the object holds.</summary>
    public static object? Read(string path, SafeFileHandle handle, long length)
    {
        var reader = new PickleReader(path, handle, 0, length);
        return new LegacyCheckpoint(reader, length).Read();
    }

    private object? Read()
    {
        if (Unpickle() is not BigInteger magic)
        {
            throw NoHeader();
        }
        // Read whole before it is judged: a foreign name in it is the greater news.
        var version = Unpickle();
        var system = Unpickle();
        if (magic != Magic || version is not Version)
        {
            throw NoHeader();
        }
        if (system is PickleDictionary { Items: var facts } && facts.GetValueOrDefault("little_endian") is false)
        {
            throw ZipCheckpoint.BigEndian(_reader.Path);
        }
        var value = new PickleMachine(_reader, Resolve).Run();
        if (Unpickle() is not PickleList keys)
        {
            throw _reader.Refuse(PickleRefusal.BadArguments, "no list of storages behind the object");
        }
        Place(keys);
        return value;
    }

    private PickleException NoHeader() =>
        new(
            _reader.Path,
            PickleRefusal.NotACheckpoint,
            "a pickle without PyTorch's magic number and version, expected a file of torch.save. Get the model as .safetensors."
        );

    private object? Unpickle() =>
        new PickleMachine(
            _reader,
            _ => throw _reader.Refuse(PickleRefusal.BadArguments, "a storage before or behind the object")
        ).Run();

    private PickleStorage Resolve(PickleTuple tuple)
    {
        var id = PersistentId.Parse(_reader, tuple);
        if (id.ByteCount > _length)
        {
            throw _reader.Refuse(
                PickleRefusal.TensorBounds,
                $"storage '{PersistentId.Show(id.Key)}' of {id.ByteCount} bytes in a file of {_length}"
            );
        }
        if (!_stored.TryGetValue(id.Key, out var known))
        {
            known = (new StoredData(id.Key, id.ByteCount), id);
            _stored.Add(id.Key, known);
        }
        else if (known.Id.DType != id.DType || known.Id.Count != id.Count)
        {
            throw _reader.Refuse(
                PickleRefusal.BadArguments,
                $"storage '{PersistentId.Show(id.Key)}' is announced with two types or lengths"
            );
        }
        return id.View switch
        {
            null => new PickleStorage(known.Data, id.DType, 0, id.Count),
            PickleTuple { Items: [_, long start, long count] }
                when start >= 0 && count >= 0 && start <= id.Count && count <= id.Count - start => new PickleStorage(
                known.Data,
                id.DType,
                start,
                count
            ),
            _ => throw _reader.Refuse(
                PickleRefusal.TensorBounds,
                $"a view outside storage '{PersistentId.Show(id.Key)}'"
            ),
        };
    }

    private void Place(PickleList keys)
    {
        var position = _reader.Position;
        foreach (var item in keys.Items)
        {
            if (item is not string key || !_stored.TryGetValue(key, out var stored) || stored.Data.Position >= 0)
            {
                throw _reader.Refuse(
                    PickleRefusal.StorageMissing,
                    $"{PickleReduction.Describe(item)} in the list of storages is no storage of the object, or there twice"
                );
            }
            position = Place(stored.Data, stored.Id, position);
        }
        if (_stored.Values.FirstOrDefault(stored => stored.Data.Position < 0).Data is { } missing)
        {
            throw _reader.Refuse(
                PickleRefusal.StorageMissing,
                $"storage '{PersistentId.Show(missing.Key)}' is not in the file"
            );
        }
    }

    private long Place(StoredData data, PersistentId id, long position)
    {
        _reader.Seek(position);
        var count = _reader.ReadInt64();
        if (count != id.Count)
        {
            throw _reader.Refuse(
                PickleRefusal.TensorBounds,
                $"storage '{PersistentId.Show(id.Key)}' has {count} elements, {id.Count} were announced"
            );
        }
        data.Position = _reader.Position;
        if (data.ByteCount > _length - data.Position)
        {
            throw _reader.Refuse(
                PickleRefusal.Truncated,
                $"storage '{PersistentId.Show(id.Key)}' of {data.ByteCount} bytes, the file ends after {_length - data.Position}"
            );
        }
        return data.Position + data.ByteCount;
    }
}
