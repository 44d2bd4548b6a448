using NodeHost.Tensors.Native;

namespace NodeHost.Tensors.Gguf;

/// <summary>
/// An open GGUF file. Opening reads and checks the header only; plain numbers look into the file's mapped pages, quantised
/// ones are decoded to float32 when they are loaded. Thread-safe.
/// </summary>
/// <remarks>
/// The format (MIT): https://github.com/ggml-org/ggml/blob/master/docs/gguf.md. As with every mapped file, truncating it
/// while it is in use ends the process.
/// </remarks>
public sealed class GgufFile : IDisposable
{
    /// <summary>Blocks that are worth a thread of their own.</summary>
    private const int BlocksAtOnce = 4096;

    private readonly FileMapping? _mapping;
    private readonly GgufHeader _header;
    private int _disposed;

    private GgufFile(string path, FileMapping? mapping, GgufHeader header)
    {
        Path = path;
        _mapping = mapping;
        _header = header;
    }

    public string Path { get; }

    /// <summary>Every tensor by name, in the order of the file.</summary>
    public IReadOnlyDictionary<string, GgufEntry> Entries => _header.Entries;

    /// <summary>What the file calls the kind of model, e.g. <c>flux</c> or <c>t5encoder</c>; null where it does not say.</summary>
    public string? Architecture => _header.Metadata.GetValueOrDefault("general.architecture") as string;

    /// <summary>Reads and checks everything but the tensors' data.</summary>
    /// <exception cref="GgufException">The file is damaged, or holds a type that is not read.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static GgufFile Open(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        using var stream = new FileStream(
            path,
            FileMode.Open,
            FileAccess.Read,
            FileShare.ReadWrite | FileShare.Delete,
            bufferSize: 1 << 16
        );
        var length = stream.Length;
        var header = GgufHeader.Read(path, stream, length);
        return new GgufFile(path, FileMapping.Create(stream.SafeFileHandle, length), header);
    }

    /// <summary>The values, in <see cref="GgufEntry.DType"/>. The ambient <see cref="TensorScope"/> owns the tensor.</summary>
    public Tensor Load(string key)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
        var entry = Find(key);
        if (entry.ElementCount == 0 || _mapping is null)
        {
            return Tensor.Empty(entry.Shape.AsSpan(), entry.DType);
        }
        return entry.Format.Decode is null ? Map(entry, _mapping) : Decode(entry, _mapping);
    }

    /// <summary>A tensor is not needed soon: its pages leave the process's memory and are read again when next used.</summary>
    public void Forget(string key)
    {
        var entry = Find(key);
        if (_mapping is not null && Volatile.Read(ref _disposed) == 0)
        {
            // Held, for the addresses must not become somebody else's meanwhile.
            using var held = _mapping.AddReference();
            held.Forget((nint)entry.Position, (nint)entry.ByteCount);
        }
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            _mapping?.Dispose();
        }
    }

    private static Tensor Map(GgufEntry entry, FileMapping mapping)
    {
        var owner = mapping.AddReference();
        try
        {
            var address = mapping.Address + (nint)entry.Position;
            if (address % entry.DType.Size() == 0)
            {
                var mapped = Tensor.FromMemory(address, entry.Shape.AsSpan(), entry.DType, owner);
                owner = null;
                return mapped;
            }
            return Tensor.FromBytes(address, entry.Shape.AsSpan(), entry.DType);
        }
        finally
        {
            owner?.Dispose();
        }
    }

    private static Tensor Decode(GgufEntry entry, FileMapping mapping)
    {
        using var held = mapping.AddReference();
        var (elements, bytes) = (entry.Format.Elements, entry.Format.Bytes);
        var decode = entry.Format.Decode!;
        var result = Tensor.Empty(entry.Shape.AsSpan(), DType.Float32);
        var blocks = entry.ElementCount / elements;
        var source = mapping;
        Parallel.For(
            0,
            (blocks + BlocksAtOnce - 1) / BlocksAtOnce,
            part =>
            {
                var first = part * BlocksAtOnce;
                var count = (int)Math.Min(BlocksAtOnce, blocks - first);
                var stored = source.GetBytes(entry.Position + first * bytes, count * bytes);
                var numbers = NativeTensor.GetSpan<float>(result.Handle, first * elements, count * elements);
                for (var block = 0; block < count; block++)
                {
                    decode(stored.Slice(block * bytes, bytes), numbers.Slice(block * elements, elements));
                }
            }
        );
        return result;
    }

    private GgufEntry Find(string key) =>
        _header.Entries.TryGetValue(key, out var entry)
            ? entry
            : throw new ArgumentException($"{Path}: no tensor '{key}' among {_header.Entries.Count}.", nameof(key));
}
