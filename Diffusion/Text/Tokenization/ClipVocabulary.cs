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

    private readonly Dictionary<string, int> _ids;
    private readonly Dictionary<long, Merge> _merges;
    private readonly int[] _bytes = new int[256];
    private readonly int[] _finalBytes = new int[256];

    private ClipVocabulary(string folder)
    {
        var vocabularyFile = Path.Combine(folder, VocabularyFile);
        var mergesFile = Path.Combine(folder, MergesFile);
        _ids = ReadIds(vocabularyFile);
        Size = _ids.Values.Max() + 1;
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

    internal bool TryGetMerge(int left, int right, out Merge merge) =>
        _merges.TryGetValue(Pair(left, right), out merge);

    private static long Pair(int left, int right) => ((long)left << 32) | (uint)right;

    private int Require(string token, string file) =>
        _ids.TryGetValue(token, out var id)
            ? id
            : throw new InvalidDataException($"CLIP vocabulary: '{file}' lacks the token '{token}'.");

    private static Dictionary<string, int> ReadIds(string file)
    {
        var ids = new Dictionary<string, int>(50_000, StringComparer.Ordinal);
        try
        {
            var reader = new Utf8JsonReader(SkipByteOrderMark(File.ReadAllBytes(file)));
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                throw Malformed(file, "expected an object of token to id");
            }
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var token = reader.GetString()!;
                reader.Read();
                if (
                    reader.TokenType != JsonTokenType.Number
                    || !reader.TryGetInt32(out var id)
                    || id is < 0 or > 1 << 24
                )
                {
                    throw Malformed(file, $"the token '{token}' has no whole number below 16777216 as its id");
                }
                ids[token] = id;
            }
            reader.Read();
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw new InvalidDataException($"CLIP vocabulary: '{file}' is not JSON: {error.Message}", error);
        }
        return ids.Count > 0 ? ids : throw Malformed(file, "it has no tokens");
    }

    private Dictionary<long, Merge> ReadMerges(string file)
    {
        var text = Encoding.UTF8.GetString(SkipByteOrderMark(File.ReadAllBytes(file))).AsSpan().Trim();
        var lookup = _ids.GetAlternateLookup<ReadOnlySpan<char>>();
        var merges = new Dictionary<long, Merge>(_ids.Count);
        var joined = new char[256];
        var lineNumber = 0;
        foreach (var line in text.EnumerateLines())
        {
            // The first line is the file's version.
            if (++lineNumber == 1)
            {
                continue;
            }
            var space = line.IndexOf(' ');
            if (space <= 0 || space == line.Length - 1 || line.Length > joined.Length)
            {
                throw Malformed(file, $"line {lineNumber} is not two symbols with a space between: '{line}'");
            }
            var left = line[..space];
            var right = line[(space + 1)..];
            left.CopyTo(joined);
            right.CopyTo(joined.AsSpan(space));
            if (
                !lookup.TryGetValue(left, out var leftId)
                || !lookup.TryGetValue(right, out var rightId)
                || !lookup.TryGetValue(joined.AsSpan(0, line.Length - 1), out var id)
            )
            {
                throw Malformed(
                    file,
                    $"line {lineNumber} merges '{line}', which {VocabularyFile} beside it does not know: the files do not belong together"
                );
            }
            merges[Pair(leftId, rightId)] = new Merge(lineNumber, id);
        }
        return merges;
    }

    private static ReadOnlySpan<byte> SkipByteOrderMark(byte[] bytes) =>
        bytes.AsSpan().StartsWith("\uFEFF"u8) ? bytes.AsSpan(3) : bytes;

    private static InvalidDataException Malformed(string file, string problem) =>
        new($"CLIP vocabulary: '{file}' cannot be used: {problem}. {TokenizerLocator.ClipRemedy}");

    /// <summary>What two neighbouring symbols become, and how early: the lowest rank in a word is merged first.</summary>
    internal readonly record struct Merge(int Rank, int Id);
}
