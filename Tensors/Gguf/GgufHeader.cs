using System.Collections.Immutable;

namespace NodeHost.Tensors.Gguf;

/// <summary>What stands before the data of a GGUF file.</summary>
/// <param name="Metadata">Texts, numbers (long or double) and the starts of arrays by key.</param>
/// <param name="Entries">The tensors in the order of the file.</param>
internal sealed record GgufHeader(
    IReadOnlyDictionary<string, object?> Metadata,
    IReadOnlyDictionary<string, GgufEntry> Entries
)
{
    private const uint Magic = 0x46554747;
    private const int MaximumRank = 4;
    private const long DefaultAlignment = 32;

    // ComfyUI-GGUF flattens what does not fit whole blocks, and says here what it was.
    private const string OriginalShape = "comfy.gguf.orig_shape.";

    public static GgufHeader Read(string path, Stream stream, long length)
    {
        var reader = new GgufReader(path, stream, length);
        ReadVersion(path, reader);
        var tensorCount = reader.ReadCount("the number of tensors", 8 + 4 + 4 + 8);
        var valueCount = reader.ReadCount("the number of metadata values", 8 + 4 + 1);
        var metadata = new Dictionary<string, object?>(StringComparer.Ordinal);
        for (var index = 0; index < valueCount; index++)
        {
            var key = reader.ReadName("a metadata key");
            metadata[key] = reader.ReadValue(key);
        }
        var infos = new List<TensorInfo>();
        while (infos.Count < tensorCount)
        {
            infos.Add(TensorInfo.Read(reader));
        }
        var alignment = Alignment(reader, metadata);
        var start = (reader.Position + alignment - 1) / alignment * alignment;
        var entries = new Dictionary<string, GgufEntry>(StringComparer.Ordinal);
        foreach (var info in infos)
        {
            var entry = info.Place(
                path,
                metadata.GetValueOrDefault(OriginalShape + info.Name),
                start,
                alignment,
                length
            );
            if (!entries.TryAdd(info.Name, entry))
            {
                throw new GgufException(
                    path,
                    $"tensor '{info.Name}' is there twice. The file is damaged: download it again."
                );
            }
        }
        return new GgufHeader(metadata, entries);
    }

    private static void ReadVersion(string path, GgufReader reader)
    {
        var magic = reader.Left >= 4 ? reader.ReadUInt32("the magic number") : 0;
        if (magic != Magic)
        {
            throw new GgufException(
                path,
                "expected a file that begins with GGUF, got other bytes. It may be a web page or an unfinished download: download it again."
            );
        }
        var version = reader.ReadUInt32("the version");
        if (version is not (2 or 3))
        {
            var given =
                (version & 0xFFFF) == 0 ? "numbers stored with the most significant byte first" : $"version {version}";
            throw new GgufException(
                path,
                $"expected GGUF of version 2 or 3, got {given}. Convert it again with current tools."
            );
        }
    }

    private static long Alignment(GgufReader reader, Dictionary<string, object?> metadata) =>
        metadata.GetValueOrDefault("general.alignment") switch
        {
            null => DefaultAlignment,
            long given and > 0 and <= 1 << 20 when long.IsPow2(given) => given,
            var given => throw reader.Damaged($"'general.alignment' must be a power of two, got {given}"),
        };

    /// <summary>A tensor as the file describes it, before the place of the data is known.</summary>
    private sealed record TensorInfo(string Name, long[] Lengths, GgmlType Type, ulong Offset)
    {
        public static TensorInfo Read(GgufReader reader)
        {
            var name = reader.ReadName("a tensor's name");
            var rank = reader.ReadUInt32($"the number of dimensions of '{name}'");
            if (rank > MaximumRank)
            {
                throw reader.Damaged($"tensor '{name}' has {rank} dimensions, more than {MaximumRank}");
            }
            var lengths = new long[rank];
            var count = 1L;
            for (var axis = 0; axis < rank; axis++)
            {
                var given = reader.ReadUInt64($"a length of '{name}'");
                // 2^50 numbers are more than any file holds; the product stays far from overflow.
                if (given > 1UL << 50 || (given > 0 && count > (1L << 50) / (long)given))
                {
                    throw reader.Damaged($"tensor '{name}' has a dimension of {given}, which no file holds");
                }
                lengths[axis] = (long)given;
                count *= lengths[axis];
            }
            return new(
                name,
                lengths,
                (GgmlType)reader.ReadUInt32($"the type of '{name}'"),
                reader.ReadUInt64($"the offset of '{name}'")
            );
        }

        public GgufEntry Place(string path, object? originalShape, long start, long alignment, long fileLength)
        {
            if (GgmlFormat.Of(Type) is not { } format)
            {
                throw new GgufException(
                    path,
                    $"tensor '{Name}' is stored as {Describe(Type)}, which is not read. Choose a file in one of {GgmlFormat.Names}."
                );
            }
            var count = Lengths.Aggregate(1L, (product, given) => product * given);
            var row = Lengths.Length == 0 ? 1 : Lengths[0];
            if (row % format.Elements != 0)
            {
                throw Damaged(path, $"rows of {row}, which are no whole blocks of {format.Elements} in {Type}");
            }
            var bytes = count / format.Elements * format.Bytes;
            var room = fileLength - start;
            if (Offset % (ulong)alignment != 0)
            {
                throw Damaged(path, $"the offset {Offset}, which is no multiple of {alignment}");
            }
            if (room < 0 || Offset > (ulong)room || bytes > room - (long)Offset)
            {
                throw Damaged(
                    path,
                    $"{bytes} bytes at offset {Offset}, but the file has {Math.Max(0, room)} bytes of data"
                );
            }
            return new(Type, ShapeOf(path, originalShape, count), start + (long)Offset, bytes);
        }

        private ImmutableArray<long> ShapeOf(string path, object? originalShape, long count)
        {
            if (originalShape is not object?[] given)
            {
                return [.. Lengths.Reverse()];
            }
            var shape = given.OfType<long>().Where(length => length is >= 0 and <= 1L << 40).ToImmutableArray();
            var product = shape.Aggregate((Int128)1, (product, length) => Int128.Min(product * length, long.MaxValue));
            return shape.Length == given.Length && product == count
                ? shape
                : throw Damaged(path, $"the original shape [{string.Join(", ", given)}], but {count} numbers");
        }

        private GgufException Damaged(string path, string given) =>
            new(path, $"tensor '{Name}' has {given}. The file is damaged or cut short: download it again.");

        private static string Describe(GgmlType type) =>
            Enum.IsDefined(type)
                ? type.ToString()
                : $"type {(uint)type}, which ggml did not have when this was written";
    }
}
