using System.Buffers.Binary;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Win32.SafeHandles;

namespace NodeHost.Tensors.Safetensors;

/// <summary>
/// Writes a safetensors file tensor by tensor: the header follows from the entries given first, so that no more than one
/// tensor need be in memory. The file appears under its name when <see cref="Complete"/> succeeds, else not at all.
/// </summary>
public sealed class SafetensorsWriter : IDisposable
{
    private const int PrefixLength = 8;
    private const int Alignment = 8;
    private const int ChunkLength = 1 << 24;

    private readonly string _path;
    private readonly string _temporaryPath;
    private readonly SafeFileHandle _handle;
    private readonly Dictionary<string, SafetensorsEntry> _waiting;
    private readonly long _dataStart;
    private bool _completed;

    /// <param name="path">The file to make or replace.</param>
    /// <param name="entries">Every tensor that will be written.</param>
    /// <param name="metadata">Free-form texts for the header.</param>
    public SafetensorsWriter(
        string path,
        IEnumerable<SafetensorsEntry> entries,
        IReadOnlyDictionary<string, string>? metadata = null
    )
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(entries);
        _path = Path.GetFullPath(path);
        var placed = Place(entries);
        var header = MakeHeader(placed, metadata);
        _waiting = new Dictionary<string, SafetensorsEntry>(placed.Count);
        foreach (var entry in placed)
        {
            if (!_waiting.TryAdd(entry.Key, entry))
            {
                throw new ArgumentException($"SafetensorsWriter: tensor '{entry.Key}' was announced twice.");
            }
        }
        _temporaryPath = Path.Combine(
            Path.GetDirectoryName(_path)!,
            $".{Path.GetFileName(_path)}.{Path.GetRandomFileName()}.tmp"
        );
        _handle = File.OpenHandle(_temporaryPath, FileMode.CreateNew, FileAccess.Write);
        _dataStart = header.Length;
        RandomAccess.Write(_handle, header, 0);
    }

    /// <summary>Writes a file of tensors that are all at hand.</summary>
    public static void Save(
        string path,
        IReadOnlyDictionary<string, Tensor> tensors,
        IReadOnlyDictionary<string, string>? metadata = null
    )
    {
        ArgumentNullException.ThrowIfNull(tensors);
        var entries = tensors.Select(pair => new SafetensorsEntry(pair.Key, pair.Value.DType, pair.Value.Shape));
        using var writer = new SafetensorsWriter(path, entries, metadata);
        foreach (var (key, tensor) in tensors)
        {
            writer.Write(key, tensor);
        }
        writer.Complete();
    }

    /// <summary>As the other overload, to a stream that is written from start to end.</summary>
    public static void Save(
        Stream stream,
        IReadOnlyDictionary<string, Tensor> tensors,
        IReadOnlyDictionary<string, string>? metadata = null
    )
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(tensors);
        var placed = Place(tensors.Select(pair => new SafetensorsEntry(pair.Key, pair.Value.DType, pair.Value.Shape)));
        stream.Write(MakeHeader(placed, metadata));
        foreach (var entry in placed)
        {
            ForEachChunk(tensors[entry.Key], entry.ByteCount, (bytes, _) => stream.Write(bytes));
        }
    }

    /// <summary>As the other overloads, with each tensor asked for when its turn comes, in a scope of its own.</summary>
    public static void Save(
        Stream stream,
        IEnumerable<SafetensorsEntry> entries,
        Func<string, Tensor> read,
        IReadOnlyDictionary<string, string>? metadata = null
    )
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(read);
        var placed = Place(entries);
        stream.Write(MakeHeader(placed, metadata));
        foreach (var entry in placed)
        {
            using var scope = new TensorScope();
            var tensor = read(entry.Key);
            if (tensor.DType != entry.DType || !tensor.Shape.SequenceEqual(entry.Shape))
            {
                throw new ArgumentException($"SafetensorsWriter: expected {entry}, got {tensor}.");
            }
            ForEachChunk(tensor, entry.ByteCount, (bytes, _) => stream.Write(bytes));
        }
    }

    /// <summary>Writes one of the announced tensors, in any order; float8 entries take their bytes (uint8).</summary>
    public void Write(string key, Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        if (!_waiting.TryGetValue(key, out var entry))
        {
            throw new ArgumentException($"SafetensorsWriter: '{key}' was not announced, or is already written.");
        }
        var expected = entry.DType.IsFloat8() && tensor.DType == DType.UInt8 ? DType.UInt8 : entry.DType;
        if (tensor.DType != expected || !tensor.Shape.SequenceEqual(entry.Shape))
        {
            throw new ArgumentException($"SafetensorsWriter: expected {entry}, got {tensor}.");
        }
        var start = _dataStart + entry.Offset;
        ForEachChunk(tensor, entry.ByteCount, (bytes, done) => RandomAccess.Write(_handle, bytes, start + done));
        _waiting.Remove(key);
    }

    /// <summary>Puts the finished file in its place in one step.</summary>
    public void Complete()
    {
        if (_waiting.Count > 0)
        {
            throw new InvalidOperationException(
                $"SafetensorsWriter: {_waiting.Count} announced tensors are not written, '{_waiting.Keys.First()}' among them."
            );
        }
        RandomAccess.FlushToDisk(_handle);
        _handle.Dispose();
        File.Move(_temporaryPath, _path, overwrite: true);
        _completed = true;
    }

    public void Dispose()
    {
        _handle.Dispose();
        if (!_completed)
        {
            File.Delete(_temporaryPath);
        }
    }

    private static void ForEachChunk(Tensor tensor, long byteCount, Action<ReadOnlySpan<byte>, long> write)
    {
        using var onHost = tensor.To(Device.Cpu);
        using var contiguous = onHost.Contiguous();
        for (var done = 0L; done < byteCount; done += ChunkLength)
        {
            write(contiguous.GetBytes(done, (int)Math.Min(ChunkLength, byteCount - done)), done);
        }
    }

    // Widest elements first, then by key, as the reference writer does: every tensor comes to lie aligned.
    private static List<SafetensorsEntry> Place(IEnumerable<SafetensorsEntry> entries)
    {
        var placed = new List<SafetensorsEntry>();
        var offset = 0L;
        foreach (
            var entry in entries
                .OrderByDescending(entry => entry.DType.Size())
                .ThenBy(entry => entry.Key, StringComparer.Ordinal)
        )
        {
            placed.Add(entry.At(offset));
            offset += entry.ByteCount;
        }
        return placed;
    }

    private static byte[] MakeHeader(List<SafetensorsEntry> entries, IReadOnlyDictionary<string, string>? metadata)
    {
        using var buffer = new MemoryStream();
        buffer.Write(stackalloc byte[PrefixLength]);
        var options = new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        using (var json = new Utf8JsonWriter(buffer, options))
        {
            json.WriteStartObject();
            if (metadata is { Count: > 0 })
            {
                json.WriteStartObject("__metadata__");
                foreach (var (name, text) in metadata)
                {
                    json.WriteString(name, text);
                }
                json.WriteEndObject();
            }
            foreach (var entry in entries)
            {
                WriteEntry(json, entry);
            }
            json.WriteEndObject();
        }
        while (buffer.Length % Alignment != 0)
        {
            buffer.WriteByte((byte)' ');
        }
        var header = buffer.ToArray();
        BinaryPrimitives.WriteInt64LittleEndian(header, header.Length - PrefixLength);
        return header;
    }

    private static void WriteEntry(Utf8JsonWriter json, SafetensorsEntry entry)
    {
        json.WriteStartObject(entry.Key);
        json.WriteString("dtype", SafetensorsDTypes.NameOf(entry.DType));
        json.WriteStartArray("shape");
        foreach (var size in entry.Shape)
        {
            json.WriteNumberValue(size);
        }
        json.WriteEndArray();
        json.WriteStartArray("data_offsets");
        json.WriteNumberValue(entry.Offset);
        json.WriteNumberValue(entry.Offset + entry.ByteCount);
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
