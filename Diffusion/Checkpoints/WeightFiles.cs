using System.Buffers.Binary;

namespace NodeHost.Diffusion.Checkpoints;

/// <summary>Opens model files of every format that can be read.</summary>
public static class WeightFiles
{
    private static readonly HashSet<string> Pickled = new(StringComparer.OrdinalIgnoreCase)
    {
        ".ckpt",
        ".pt",
        ".pth",
        ".bin",
        ".pkl",
    };

    /// <summary>By how it begins, or by its ending; a safetensors or GGUF file is known under any name.</summary>
    /// <exception cref="Tensors.Safetensors.SafetensorsException">It is not a sound safetensors file.</exception>
    /// <exception cref="Tensors.Pickle.PickleException">It is a pickled file that is damaged or refused.</exception>
    /// <exception cref="Tensors.Gguf.GgufException">It is a GGUF file that is damaged or of a kind that is not read.</exception>
    public static IWeightFile Open(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        using var handle = File.OpenHandle(
            path,
            FileMode.Open,
            FileAccess.Read,
            FileShare.ReadWrite | FileShare.Delete
        );
        Span<byte> start = stackalloc byte[9];
        start = start[..RandomAccess.Read(handle, start, 0)];
        var ending = Path.GetExtension(path);
        if (start.StartsWith("GGUF"u8) || ending.Equals(".gguf", StringComparison.OrdinalIgnoreCase))
        {
            return GgufSource.Open(path);
        }
        return Pickled.Contains(ending) && !LooksLikeSafetensors(start, RandomAccess.GetLength(handle))
            ? PickleSource.Open(path)
            : SafetensorsSource.Open(path);
    }

    // The header's length, then JSON: neither a zip archive nor a pickle begins so.
    private static bool LooksLikeSafetensors(ReadOnlySpan<byte> start, long length) =>
        start is [_, _, _, _, _, _, _, _, (byte)'{'] && BinaryPrimitives.ReadUInt64LittleEndian(start) < (ulong)length;
}
