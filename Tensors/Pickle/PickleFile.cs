using Microsoft.Win32.SafeHandles;
using NodeHost.Tensors.Native;

namespace NodeHost.Tensors.Pickle;

/// <summary>
/// An open file of torch.save (.ckpt, .pt, .pth, .bin; zip and legacy). Opening reads it as data: no code in it runs, and
/// names outside a short list are refused. Tensors look into the file's mapped pages. Thread-safe.
/// </summary>
/// <remarks>As with a mapped safetensors file, truncating it while it is in use ends the process.</remarks>
public sealed class PickleFile : IDisposable
{
    private const byte ProtocolOpcode = 0x80;

    private readonly FileMapping _mapping;
    private readonly Dictionary<string, PickleTensor> _tensors;
    private int _disposed;

    private PickleFile(string path, FileMapping mapping, Dictionary<string, PickleTensor> tensors)
    {
        Path = path;
        _mapping = mapping;
        _tensors = tensors;
    }

    public string Path { get; }

    /// <summary>Every tensor of the state dictionary by key, in its order; what else the file holds is left out.</summary>
    public IReadOnlyDictionary<string, PickleTensor> Entries => _tensors;

    /// <summary>Reads and checks everything but the tensors' data.</summary>
    /// <exception cref="PickleException">The file is refused or damaged.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static PickleFile Open(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        using var handle = File.OpenHandle(
            path,
            FileMode.Open,
            FileAccess.Read,
            FileShare.ReadWrite | FileShare.Delete
        );
        var length = RandomAccess.GetLength(handle);
        var tensors = StateDictionary.Find(path, Read(path, handle, length));
        return new PickleFile(path, FileMapping.Create(handle, length), tensors);
    }

    /// <summary>
    /// The values as stored, row-major: looking into the mapped file where they lie so, else copied. The ambient
    /// <see cref="TensorScope"/> owns the tensor.
    /// </summary>
    public Tensor Load(string key)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
        var tensor = Find(key);
        if (tensor.ElementCount == 0)
        {
            return Tensor.Empty(tensor.Shape.AsSpan(), tensor.DType);
        }
        if (tensor.IsContiguous)
        {
            return Map(tensor, tensor.Shape.AsSpan());
        }
        using var flat = Map(tensor, [tensor.Extent]);
        using var strided = flat.AsStrided(tensor.Shape.AsSpan(), tensor.Strides.AsSpan());
        return strided.Contiguous();
    }

    /// <summary>A tensor is not needed soon: its pages leave the process's memory and are read again when next used.</summary>
    public void Forget(string key)
    {
        var tensor = Find(key);
        if (Volatile.Read(ref _disposed) == 0)
        {
            // Held, for the addresses must not become somebody else's meanwhile.
            using var held = _mapping.AddReference();
            held.Forget((nint)Position(tensor), (nint)(tensor.Extent * tensor.DType.Size()));
        }
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            _mapping.Dispose();
        }
    }

    private static long Position(PickleTensor tensor) =>
        tensor.Storage.Data.Position + (tensor.Offset * tensor.DType.Size());

    private Tensor Map(PickleTensor tensor, ReadOnlySpan<long> shape)
    {
        var owner = _mapping.AddReference();
        try
        {
            var address = _mapping.Address + (nint)Position(tensor);
            if (address % tensor.DType.Size() == 0)
            {
                var mapped = Tensor.FromMemory(address, shape, tensor.DType, owner);
                owner = null;
                return mapped;
            }
            // The legacy format aligns nothing, libtorch wants it.
            return Tensor.FromBytes(address, shape, tensor.DType);
        }
        finally
        {
            owner?.Dispose();
        }
    }

    private PickleTensor Find(string key) =>
        _tensors.TryGetValue(key, out var tensor)
            ? tensor
            : throw new ArgumentException($"{Path}: no tensor '{key}' among {_tensors.Count}.", nameof(key));

    private static object? Read(string path, SafeFileHandle handle, long length)
    {
        Span<byte> start = stackalloc byte[4];
        var count = RandomAccess.Read(handle, start, 0);
        if (count == 4 && start.SequenceEqual("PK\x03\x04"u8))
        {
            return ZipCheckpoint.Read(path, handle, length);
        }
        if (count == 4 && start[0] == ProtocolOpcode)
        {
            return LegacyCheckpoint.Read(path, handle, length);
        }
        throw new PickleException(
            path,
            PickleRefusal.NotACheckpoint,
            $"expected a zip archive or a pickle of torch.save, got {length} bytes that begin as neither. "
                + "It may be a web page or an unfinished download: download it again."
        );
    }
}
