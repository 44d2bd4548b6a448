using System.Text.Json;
using System.Text.Unicode;

namespace NodeHost.Tensors.Safetensors;

/// <summary>The JSON header of a safetensors file, checked against the size of the data behind it.</summary>
/// <remarks>
/// Format: https://github.com/huggingface/safetensors#format. Like the reference reader, and so like every program that
/// wrote the files people have, this one refuses holes and bytes behind the last tensor: they could only hide something.
/// </remarks>
internal sealed class SafetensorsHeader
{
    /// <summary>Largest header of the reference reader, in bytes.</summary>
    public const long MaxLength = 100_000_000;

    // libtorch iterates over at most this many dimensions.
    private const int MaxRank = 64;

    private const string MetadataKey = "__metadata__";

    private readonly string _path;

    private SafetensorsHeader(string path)
    {
        _path = path;
    }

    public Dictionary<string, string> Metadata { get; } = [];

    /// <summary>Tensors in the order of the header.</summary>
    public OrderedDictionary<string, SafetensorsEntry> Entries { get; } = [];

    /// <exception cref="SafetensorsException">The header is not sound, or does not describe exactly the data.</exception>
    public static SafetensorsHeader Parse(string path, ReadOnlySpan<byte> json, long dataLength)
    {
        var header = new SafetensorsHeader(path);
        if (!Utf8.IsValid(json))
        {
            throw header.Unsound("the header is not valid UTF-8");
        }
        if (json.IsEmpty || json[0] != (byte)'{')
        {
            throw header.Unsound("the header must begin with '{'");
        }
        try
        {
            header.ReadJson(json);
        }
        catch (JsonException error)
        {
            throw header.Unsound($"the header is not valid JSON ({error.Message})", error);
        }
        header.CheckLayout(dataLength);
        return header;
    }

    private void ReadJson(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 8 });
        reader.Read();
        var metadataSeen = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = ReadText(ref reader, "a key");
            reader.Read();
            if (key == MetadataKey)
            {
                if (metadataSeen)
                {
                    throw Unsound($"'{MetadataKey}' stands twice in the header");
                }
                metadataSeen = true;
                ReadMetadata(ref reader);
            }
            else if (!Entries.TryAdd(key, ReadEntry(ref reader, key)))
            {
                throw Unsound($"tensor '{Show(key)}' stands twice in the header");
            }
        }
        while (reader.Read())
        {
            // Only whitespace may follow; anything else makes the reader throw.
        }
    }

    private void ReadMetadata(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return;
        }
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw Unsound($"'{MetadataKey}' must be an object of strings, got {reader.TokenType}");
        }
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = ReadText(ref reader, "a metadata name");
            reader.Read();
            if (reader.TokenType != JsonTokenType.String)
            {
                throw Unsound($"metadata '{Show(name)}' must be a string, got {reader.TokenType}");
            }
            if (!Metadata.TryAdd(name, ReadText(ref reader, $"metadata '{Show(name)}'")))
            {
                throw Unsound($"metadata '{Show(name)}' stands twice in the header");
            }
        }
    }

    private SafetensorsEntry ReadEntry(ref Utf8JsonReader reader, string key)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw Unsound($"tensor '{Show(key)}' must be an object, got {reader.TokenType}");
        }
        DType? dtype = null;
        long[]? shape = null;
        long[]? offsets = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var field = ReadText(ref reader, $"a field of tensor '{Show(key)}'");
            reader.Read();
            var twice = field switch
            {
                "dtype" => dtype is not null,
                "shape" => shape is not null,
                "data_offsets" => offsets is not null,
                _ => false,
            };
            if (twice)
            {
                throw Unsound($"tensor '{Show(key)}' has two fields '{field}'");
            }
            switch (field)
            {
                case "dtype":
                    dtype = ReadDType(ref reader, key);
                    break;
                case "shape":
                    shape = ReadNumbers(ref reader, key, field, MaxRank);
                    break;
                case "data_offsets":
                    offsets = ReadNumbers(ref reader, key, field, 2);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }
        if (dtype is not { } known || shape is null || offsets is not [var begin, var end])
        {
            throw Unsound($"tensor '{Show(key)}' must have dtype, shape and two data_offsets");
        }
        return MakeEntry(key, known, shape, begin, end);
    }

    private SafetensorsEntry MakeEntry(string key, DType dtype, long[] shape, long begin, long end)
    {
        if (end < begin)
        {
            throw Unsound($"tensor '{Show(key)}' has data_offsets [{begin}, {end}], whose end lies before the begin");
        }
        // libtorch multiplies the sizes of empty tensors too, so a size of 0 must not hide an overflow.
        var nonzero = (Int128)dtype.Size();
        foreach (var size in shape)
        {
            nonzero *= Math.Max(size, 1);
            if (nonzero > long.MaxValue)
            {
                throw Unsound($"tensor '{Show(key)}' has a shape [{string.Join(", ", shape)}] that overflows");
            }
        }
        var expected = shape.Contains(0) ? 0 : (long)nonzero;
        if (expected != end - begin)
        {
            throw Unsound(
                $"tensor '{Show(key)}' [{string.Join(", ", shape)}] {SafetensorsDTypes.NameOf(dtype)} "
                    + $"takes {expected} bytes, its data_offsets span {end - begin}"
            );
        }
        return new SafetensorsEntry(key, dtype, shape, begin);
    }

    private DType ReadDType(ref Utf8JsonReader reader, string key)
    {
        var name = reader.TokenType == JsonTokenType.String ? ReadText(ref reader, "a dtype") : $"{reader.TokenType}";
        return SafetensorsDTypes.Parse(name)
            ?? throw new SafetensorsException(
                _path,
                $"tensor '{Show(key)}' has dtype '{Show(name)}'; expected {SafetensorsDTypes.Names}. "
                    + "Convert the file to one of these."
            );
    }

    private long[] ReadNumbers(ref Utf8JsonReader reader, string key, string field, int capacity)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw Unsound($"tensor '{Show(key)}', field '{field}' must be a list of numbers, got {reader.TokenType}");
        }
        var numbers = new List<long>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out var number) || number < 0)
            {
                throw Unsound($"tensor '{Show(key)}', field '{field}' must hold whole numbers from 0 to 2^63 - 1");
            }
            if (numbers.Count == capacity)
            {
                throw Unsound($"tensor '{Show(key)}', field '{field}' holds more than {capacity} numbers");
            }
            numbers.Add(number);
        }
        return [.. numbers];
    }

    private void CheckLayout(long dataLength)
    {
        var ordered = Entries.Values.OrderBy(entry => entry.Offset).ThenBy(entry => entry.ByteCount).ToList();
        var end = 0L;
        SafetensorsEntry? previous = null;
        foreach (var entry in ordered)
        {
            if (entry.Offset + entry.ByteCount > dataLength)
            {
                throw Unsound(
                    $"the data of tensor '{Show(entry.Key)}' ends at byte {entry.Offset + entry.ByteCount}, "
                        + $"but the file holds {dataLength} bytes of data: it is truncated"
                );
            }
            if (entry.Offset < end)
            {
                throw Unsound($"the data of tensors '{Show(previous!.Key)}' and '{Show(entry.Key)}' overlap");
            }
            if (entry.Offset > end)
            {
                throw Unsound(
                    $"{entry.Offset - end} bytes before the data of tensor '{Show(entry.Key)}' belong to no tensor"
                );
            }
            end = entry.Offset + entry.ByteCount;
            previous = entry;
        }
        if (end < dataLength)
        {
            throw Unsound($"{dataLength - end} bytes at the end of the file belong to no tensor");
        }
    }

    private string ReadText(ref Utf8JsonReader reader, string what)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException error)
        {
            // The one way to learn that an escape such as \ud800 stands for no character.
            throw Unsound($"{what} is not valid text", error);
        }
    }

    private SafetensorsException Unsound(string problem, Exception? inner = null) =>
        new(_path, $"not a sound safetensors file: {problem}. Download or save it again.", inner);

    private static string Show(string text) => text.Length <= 200 ? text : $"{text[..200]}...";
}
