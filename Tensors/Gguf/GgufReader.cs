using System.Buffers.Binary;
using System.Text;

namespace NodeHost.Tensors.Gguf;

/// <summary>Reads the parts of a GGUF header one after the other; nothing is believed that the file is too short for.</summary>
internal sealed class GgufReader(string path, Stream stream, long length)
{
    private const int LongestName = 1 << 16;
    private const int LongestText = 1 << 24;
    private const int DeepestArray = 4;

    public long Position { get; private set; }

    public long Left => length - Position;

    public uint ReadUInt32(string what)
    {
        Span<byte> bytes = stackalloc byte[4];
        Fill(bytes, what);
        return BinaryPrimitives.ReadUInt32LittleEndian(bytes);
    }

    public ulong ReadUInt64(string what)
    {
        Span<byte> bytes = stackalloc byte[8];
        Fill(bytes, what);
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }

    /// <summary>A number of things that take so many bytes each at least.</summary>
    public int ReadCount(string what, int bytesEach)
    {
        var count = ReadUInt64(what);
        return count <= (ulong)(Left / bytesEach) && count <= int.MaxValue
            ? (int)count
            : throw Damaged($"{what} is {count}, for which {Left} bytes are left");
    }

    public string ReadName(string what) => ReadText(what, LongestName);

    /// <summary>A value of the metadata: a text, a number, an array of them, or null for what nobody asks for.</summary>
    public object? ReadValue(string key) => ReadValue(key, ReadType(key), 0);

    public GgufException Damaged(string problem) =>
        new(path, $"byte {Position}: {problem}. The file is damaged or cut short: download it again.");

    private GgufValueType ReadType(string key) => (GgufValueType)ReadUInt32($"the type of '{key}'");

    private object? ReadValue(string key, GgufValueType type, int depth)
    {
        switch (type)
        {
            case GgufValueType.Text:
                return ReadText($"'{key}'", LongestText);
            case GgufValueType.Array:
                return ReadArray(key, depth);
            default:
                Span<byte> bytes = stackalloc byte[SizeOf(key, type)];
                Fill(bytes, $"'{key}'");
                return Number(type, bytes);
        }
    }

    private object?[] ReadArray(string key, int depth)
    {
        if (depth == DeepestArray)
        {
            throw Damaged($"'{key}' holds arrays nested deeper than {DeepestArray}");
        }
        var type = ReadType(key);
        var count = ReadCount(
            $"the length of '{key}'",
            type switch
            {
                GgufValueType.Text => 8,
                GgufValueType.Array => 12,
                _ => SizeOf(key, type),
            }
        );
        var values = new object?[Math.Min(count, 64)];
        for (var index = 0; index < count; index++)
        {
            var value = ReadValue(key, type, depth + 1);
            // Long arrays are vocabularies, which are read elsewhere.
            if (index < values.Length)
            {
                values[index] = value;
            }
        }
        return values;
    }

    private static object Number(GgufValueType type, ReadOnlySpan<byte> bytes) =>
        type switch
        {
            GgufValueType.UInt8 or GgufValueType.Bool => (object)(long)bytes[0],
            GgufValueType.Int8 => (long)(sbyte)bytes[0],
            GgufValueType.UInt16 => (long)BinaryPrimitives.ReadUInt16LittleEndian(bytes),
            GgufValueType.Int16 => (long)BinaryPrimitives.ReadInt16LittleEndian(bytes),
            GgufValueType.UInt32 => (long)BinaryPrimitives.ReadUInt32LittleEndian(bytes),
            GgufValueType.Int32 => (long)BinaryPrimitives.ReadInt32LittleEndian(bytes),
            GgufValueType.Float32 => (double)BinaryPrimitives.ReadSingleLittleEndian(bytes),
            GgufValueType.Float64 => BinaryPrimitives.ReadDoubleLittleEndian(bytes),
            _ => BinaryPrimitives.ReadInt64LittleEndian(bytes),
        };

    private int SizeOf(string key, GgufValueType type) =>
        type switch
        {
            GgufValueType.UInt8 or GgufValueType.Int8 or GgufValueType.Bool => 1,
            GgufValueType.UInt16 or GgufValueType.Int16 => 2,
            GgufValueType.UInt32 or GgufValueType.Int32 or GgufValueType.Float32 => 4,
            GgufValueType.UInt64 or GgufValueType.Int64 or GgufValueType.Float64 => 8,
            _ => throw Damaged($"'{key}' has a value of type {(uint)type}, which GGUF does not know"),
        };

    private string ReadText(string what, int longest)
    {
        var count = ReadCount($"the length of {what}", 1);
        if (count > longest)
        {
            throw Damaged($"{what} is {count} bytes long, more than {longest}");
        }
        var bytes = new byte[count];
        Fill(bytes, what);
        return Encoding.UTF8.GetString(bytes);
    }

    private void Fill(Span<byte> target, string what)
    {
        if (target.Length > Left)
        {
            throw Damaged($"{what} takes {target.Length} bytes, of which {Left} are left");
        }
        stream.ReadExactly(target);
        Position += target.Length;
    }
}

/// <summary>Types of values in a GGUF file's metadata.</summary>
internal enum GgufValueType : uint
{
    UInt8,
    Int8,
    UInt16,
    Int16,
    UInt32,
    Int32,
    Float32,
    Bool,
    Text,
    Array,
    UInt64,
    Int64,
    Float64,
}
