using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;

namespace NodeHost.Diffusion.Text.Tokenization;

/// <summary>A byte-level BPE vocabulary in the published files' format: <c>vocab.json</c> and <c>merges.txt</c>.</summary>
public sealed class ClipVocabulary
{
    public const string VocabularyFile = "vocab.json";
    public const string MergesFile = "merges.txt";

    internal const string StartText = "<|startoftext|>";
    internal const string EndText = "<|endoftext|>";

    private const int MaxId = 1 << 24;
    private const int MaxMerge = 1024;

    private readonly TokenTable _ids;
    private readonly MergeTable _merges;
    private readonly int[] _bytes = new int[256];
    private readonly int[] _finalBytes = new int[256];

    private ClipVocabulary(string folder)
    {
        var vocabularyFile = Path.Combine(folder, VocabularyFile);
        var mergesFile = Path.Combine(folder, MergesFile);
        _ids = ReadIds(vocabularyFile);
        Size = _ids.HighestId + 1;
        StartToken = Require(StartText, vocabularyFile);
        EndToken = Require(EndText, vocabularyFile);
        for (var value = 0; value < 256; value++)
        {
            var symbol = ByteSymbols.ByByte[value].ToString();
            _bytes[value] = Require(symbol, vocabularyFile);
            _finalBytes[value] = Require(symbol + ByteSymbols.EndOfWord, vocabularyFile);
        }
        _merges = ReadMerges(mergesFile);
    }

    public int StartToken { get; }

    public int EndToken { get; }

    /// <summary>The highest id plus one: the rows that a matching text encoder's token embedding has.</summary>
    public int Size { get; }

    /// <summary>Reads both files of a folder.</summary>
    /// <exception cref="FileNotFoundException">One of the files is not there.</exception>
    /// <exception cref="InvalidDataException">A file does not hold what its name promises.</exception>
    public static ClipVocabulary Load(string folder)
    {
        foreach (var name in (string[])[VocabularyFile, MergesFile])
        {
            var file = Path.Combine(folder, name);
            if (!File.Exists(file))
            {
                throw new FileNotFoundException(
                    $"CLIP vocabulary: '{file}' is not there. {TokenizerLocator.ClipRemedy}",
                    file
                );
            }
        }
        return new ClipVocabulary(folder);
    }

    /// <summary>The id of a byte where a word begins its splitting into tokens; its last byte has ids of its own.</summary>
    internal int ByteToken(byte value, bool isLast) => (isLast ? _finalBytes : _bytes)[value];

    internal bool TryGetMerge(int left, int right, out Merge merge) => _merges.TryGet(left, right, out merge);

    private int Require(string token, string file) =>
        _ids.TryGetId(Encoding.UTF8.GetBytes(token), out var id)
            ? id
            : throw new InvalidDataException($"CLIP vocabulary: '{file}' lacks the token '{token}'.");

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static TokenTable ReadIds(string file)
    {
        var bytes = File.ReadAllBytes(file);
        var ids = new TokenTable(bytes.Length);
        try
        {
            var reader = new Utf8JsonReader(SkipByteOrderMark(bytes));
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                throw Malformed(file, "it is not an object of token to id");
            }
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var length = reader.CopyString(ids.Free);
                reader.Read();
                if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt32(out var id) || id is < 0 or > MaxId)
                {
                    var token = Encoding.UTF8.GetString(ids.Free[..length]);
                    throw Malformed(file, $"the id of token '{token}' is not a whole number from 0 to {MaxId}");
                }
                ids.Add(length, id);
            }
            // Nothing but white space may follow.
            reader.Read();
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw Malformed(file, $"it is not JSON ({error.Message})");
        }
        return ids;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private MergeTable ReadMerges(string file)
    {
        var bytes = File.ReadAllBytes(file);
        var rest = SkipByteOrderMark(bytes);
        var merges = new MergeTable(rest.Count((byte)'\n') + 1);
        Span<byte> joined = stackalloc byte[MaxMerge];
        for (var lineNumber = 1; rest.Length > 0; lineNumber++)
        {
            var end = rest.IndexOf((byte)'\n');
            var line = (end < 0 ? rest : rest[..end]).TrimEnd((byte)'\r');
            rest = end < 0 ? [] : rest[(end + 1)..];
            // The first line is the file's version.
            if (lineNumber == 1 || line.IsEmpty)
            {
                continue;
            }
            var space = line.IndexOf((byte)' ');
            if (space <= 0 || space == line.Length - 1 || line.Length > MaxMerge)
            {
                throw Malformed(file, $"line {lineNumber} is not two symbols with a space between");
            }
            var left = line[..space];
            var right = line[(space + 1)..];
            left.CopyTo(joined);
            right.CopyTo(joined[space..]);
            if (
                !_ids.TryGetId(left, out var leftId)
                || !_ids.TryGetId(right, out var rightId)
                || !_ids.TryGetId(joined[..(line.Length - 1)], out var id)
            )
            {
                throw Malformed(
                    file,
                    $"line {lineNumber}, '{Encoding.UTF8.GetString(line)}', joins symbols that {VocabularyFile} does not have;"
                        + " the two files do not belong together"
                );
            }
            merges.Add(leftId, rightId, new Merge(lineNumber, id));
        }
        return merges;
    }

    private static ReadOnlySpan<byte> SkipByteOrderMark(byte[] bytes) =>
        bytes.AsSpan().StartsWith("\uFEFF"u8) ? bytes.AsSpan(3) : bytes;

    private static InvalidDataException Malformed(string file, string problem) =>
        new($"CLIP vocabulary: '{file}' cannot be used: {problem}. {TokenizerLocator.ClipRemedy}");
}
