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

    /// <summary>By its ending, but a safetensors file is known under any name.</summary>
    /// <exception cref="Tensors.Safetensors.SafetensorsException">It is not a sound safetensors file.</exception>
    /// <exception cref="Tensors.Pickle.PickleException">It is a pickled file that is damaged or refused.</exception>
    public static IWeightFile Open(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return Pickled.Contains(Path.GetExtension(path)) && !LooksLikeSafetensors(path)
            ? PickleSource.Open(path)
            : SafetensorsSource.Open(path);
    }

    // The header's length, then JSON: neither a zip archive nor a pickle begins so.
    private static bool LooksLikeSafetensors(string path)
    {
        using var handle = File.OpenHandle(
            path,
            FileMode.Open,
            FileAccess.Read,
            FileShare.ReadWrite | FileShare.Delete
        );
        Span<byte> start = stackalloc byte[9];
        return RandomAccess.Read(handle, start, 0) == start.Length
            && start[8] == (byte)'{'
            && BinaryPrimitives.ReadUInt64LittleEndian(start) < (ulong)RandomAccess.GetLength(handle);
    }
}
