using System.Security.Cryptography;

namespace NodeHost.Graph.Caching;

/// <summary>The signature of a node and of everything upstream of it: equal keys mean equal results.</summary>
public readonly record struct CacheKey(UInt128 High, UInt128 Low)
{
    internal static CacheKey Of(ReadOnlySpan<byte> content)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(content, hash);
        return new(
            System.Buffers.Binary.BinaryPrimitives.ReadUInt128LittleEndian(hash),
            System.Buffers.Binary.BinaryPrimitives.ReadUInt128LittleEndian(hash[16..])
        );
    }
}
