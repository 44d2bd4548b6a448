using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Win32.SafeHandles;
using NodeHost.Tensors.Native;

namespace NodeHost.Tensors.Safetensors;

/// <summary>
/// An open safetensors file. Opening reads the header only; tensors look into the file's mapped pages, so that loading
/// one copies nothing, and the mapping ends with the file object and the last of its tensors. Thread-safe.
/// </summary>
/// <remarks>
/// The mapping is copy-on-write: writing to a loaded tensor in place never reaches the file. As with every mapped file,
/// truncating it while it is in use ends the process; replace files by renaming, as <see cref="SafetensorsWriter"/> does.
/// </remarks>
public sealed class SafetensorsFile : IDisposable
{
    private const int PrefixLength = 8;

    private readonly FileMapping? _mapping;
    private readonly SafetensorsHeader _header;
    private readonly long _dataStart;
    private int _disposed;

    private SafetensorsFile(string path, FileMapping? mapping, SafetensorsHeader header, long dataStart)
    {
        Path = path;
        _mapping = mapping;
        _header = header;
        _dataStart = dataStart;
    }

    public string Path { get; }

    /// <summary>The free-form texts of the header.</summary>
    public IReadOnlyDictionary<string, string> Metadata => _header.Metadata;

    /// <summary>Every tensor's element type and shape by key, in the order of the header, without touching the data.</summary>
    public IReadOnlyDictionary<string, SafetensorsEntry> Entries => _header.Entries;

    /// <summary>Reads and checks the header of a file.</summary>
    /// <exception cref="SafetensorsException">The file is not a sound safetensors file.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static SafetensorsFile Open(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        using var handle = File.OpenHandle(
            path,
            FileMode.Open,
            FileAccess.Read,
            FileShare.ReadWrite | FileShare.Delete
        );
        var fileLength = RandomAccess.GetLength(handle);
        var headerLength = ReadHeaderLength(path, handle, fileLength);
        var json = new byte[headerLength];
        ReadFully(path, handle, json, PrefixLength);
        var dataStart = PrefixLength + headerLength;
        var header = SafetensorsHeader.Parse(path, json, fileLength - dataStart);
        var mapping = fileLength == dataStart ? null : FileMapping.Create(handle, fileLength);
        return new SafetensorsFile(path, mapping, header, dataStart);
    }

    public bool Contains(string key) => _header.Entries.ContainsKey(key);

    public bool TryGetEntry(string key, [MaybeNullWhen(false)] out SafetensorsEntry entry) =>
        _header.Entries.TryGetValue(key, out entry);

    /// <summary>
    /// The values as stored, looking into the mapped file; float8 as its bytes (uint8), whose format is the
    /// <see cref="SafetensorsEntry.DType"/> of the entry. The ambient <see cref="TensorScope"/> owns the tensor.
    /// </summary>
    public Tensor Load(string key) => Load(Find(key));

    /// <summary>The values as <paramref name="dtype"/>: mapped where stored so, else converted (float8 decoded).</summary>
    public Tensor Load(string key, DType dtype)
    {
        var entry = Find(key);
        if (entry.DType == dtype)
        {
            return Load(entry);
        }
        using var stored = Load(entry);
        return entry.DType.IsFloat8() ? Float8.Decode(stored, entry.DType, dtype) : stored.To(dtype);
    }

    /// <summary>
    /// A tensor is not needed soon: its pages leave the process's memory (the system may still hold the file in its cache)
    /// and are read again when they are used. Loaded tensors stay good, but what was written into them in place is lost.
    /// </summary>
    public void Forget(string key)
    {
        var entry = Find(key);
        if (_mapping is not null && Volatile.Read(ref _disposed) == 0)
        {
            // Held, for the addresses must not become somebody else's meanwhile.
            using var held = _mapping.AddReference();
            held.Forget((nint)(_dataStart + entry.Offset), (nint)entry.ByteCount);
        }
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            _mapping?.Dispose();
        }
    }

    private Tensor Load(SafetensorsEntry entry)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
        var dtype = entry.DType.IsFloat8() ? DType.UInt8 : entry.DType;
        if (entry.ElementCount == 0 || _mapping is null)
        {
            return Tensor.Empty(entry.Shape, dtype);
        }
        var owner = _mapping.AddReference();
        try
        {
            var address = _mapping.Address + (nint)(_dataStart + entry.Offset);
            if (address % dtype.Size() == 0)
            {
                var mapped = Tensor.FromMemory(address, entry.Shape, dtype, owner);
                owner = null;
                return mapped;
            }
            // The format does not promise alignment, libtorch does want it: the rare odd file is copied.
            return Tensor.FromBytes(address, entry.Shape, dtype);
        }
        finally
        {
            owner?.Dispose();
        }
    }

    private SafetensorsEntry Find(string key)
    {
        if (_header.Entries.TryGetValue(key, out var entry))
        {
            return entry;
        }
        var examples = string.Join(", ", _header.Entries.Keys.Take(3));
        throw new SafetensorsException(
            Path,
            $"no tensor '{key}' among {_header.Entries.Count} (such as {examples}). Check that the file is of the expected kind."
        );
    }

    private static long ReadHeaderLength(string path, SafeFileHandle handle, long fileLength)
    {
        if (fileLength < PrefixLength)
        {
            throw new SafetensorsException(
                path,
                $"not a safetensors file: expected at least {PrefixLength} bytes, got {fileLength}. Download or save it again."
            );
        }
        Span<byte> prefix = stackalloc byte[PrefixLength];
        ReadFully(path, handle, prefix, 0);
        var length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length > SafetensorsHeader.MaxLength)
        {
            throw new SafetensorsException(
                path,
                $"not a safetensors file: its first 8 bytes announce a header of {length} bytes, at most {SafetensorsHeader.MaxLength} are allowed. "
                    + "Check that it is not a .ckpt or .gguf with a wrong name."
            );
        }
        if ((long)length > fileLength - PrefixLength)
        {
            throw new SafetensorsException(
                path,
                $"the file is truncated: its header takes {length} bytes, the file holds {fileLength - PrefixLength} behind the first 8. Download or save it again."
            );
        }
        return (long)length;
    }

    private static void ReadFully(string path, SafeFileHandle handle, Span<byte> target, long offset)
    {
        while (!target.IsEmpty)
        {
            var read = RandomAccess.Read(handle, target, offset);
            if (read == 0)
            {
                throw new SafetensorsException(path, "the file became shorter while it was read. Open it again.");
            }
            target = target[read..];
            offset += read;
        }
    }
}
