using System.Buffers;
using System.Text.Json;

namespace NodeHost.Diffusion.Text.Tokenization;

/// <summary>What a Hugging Face <c>tokenizer.json</c> says, as far as T5's tokenizers use that format.</summary>
internal sealed class T5TokenizerFile
{
    private readonly string _path;
    private UnigramModel? _model;

    private T5TokenizerFile(string path)
    {
        _path = path;
        try
        {
            Read(new Utf8JsonReader(File.ReadAllBytes(path)));
        }
        catch (Exception error)
            when (error is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw Unusable($"it is not the JSON of a tokenizer: {error.Message}");
        }
        // At one place of the text the longest token counts.
        AddedTokens.Sort((a, b) => b.Text.Length - a.Text.Length);
        AddedTokenStarts = SearchValues.Create([.. AddedTokens.Select(token => token.Text[0]).Distinct()]);
        Model = _model ?? throw Unusable("it has no 'model'");
    }

    public UnigramModel Model { get; }

    /// <summary>Longest first.</summary>
    public List<AddedToken> AddedTokens { get; } = [];

    public SearchValues<char> AddedTokenStarts { get; }

    public IReadOnlyList<Func<string, string>> Normalizers { get; private set; } = [];

    public char SpaceMark { get; private set; } = '▁';

    public PrependScheme Prepend { get; private set; } = PrependScheme.Always;

    public static T5TokenizerFile Read(string path) => new(path);

    private void Read(Utf8JsonReader reader)
    {
        reader.Read();
        Expect(reader.TokenType == JsonTokenType.StartObject, "it is not an object");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString();
            reader.Read();
            switch (name)
            {
                case "added_tokens":
                    ReadAddedTokens(JsonElement.ParseValue(ref reader));
                    break;
                case "normalizer":
                    Normalizers = NormalizerSteps.Read(JsonElement.ParseValue(ref reader));
                    break;
                case "pre_tokenizer":
                    ReadPreTokenizer(JsonElement.ParseValue(ref reader));
                    break;
                case "model":
                    ReadModel(ref reader);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }
    }

    private void ReadAddedTokens(JsonElement tokens)
    {
        foreach (var token in tokens.EnumerateArray())
        {
            var text = token.GetProperty("content").GetString();
            if (!string.IsNullOrEmpty(text))
            {
                AddedTokens.Add(new AddedToken(text, token.GetProperty("id").GetInt32()));
            }
        }
    }

    private void ReadPreTokenizer(JsonElement preTokenizer)
    {
        var type = preTokenizer.GetProperty("type").GetString();
        Expect(type == "Metaspace", $"its pre_tokenizer is '{type}', T5's is Metaspace");
        var mark = preTokenizer.GetProperty("replacement").GetString();
        Expect(mark?.Length == 1, "its pre_tokenizer's replacement is not one character");
        SpaceMark = mark![0];
        var scheme = preTokenizer.TryGetProperty("prepend_scheme", out var value) ? value.GetString() : "always";
        Prepend = scheme switch
        {
            "always" => PrependScheme.Always,
            "first" => PrependScheme.First,
            "never" => PrependScheme.Never,
            _ => throw Unusable($"its prepend_scheme '{scheme}' is unknown"),
        };
    }

    private void ReadModel(ref Utf8JsonReader reader)
    {
        Expect(reader.TokenType == JsonTokenType.StartObject, "its model is not an object");
        var (pieces, scores, unknown, type) = (new PieceTrie(), new List<double>(), (int?)null, (string?)null);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString();
            reader.Read();
            switch (name)
            {
                case "type":
                    type = reader.GetString();
                    break;
                case "unk_id":
                    unknown = reader.TokenType == JsonTokenType.Number ? reader.GetInt32() : null;
                    break;
                case "vocab":
                    Expect(reader.TokenType == JsonTokenType.StartArray, "its vocab is not a list of [piece, score]");
                    ReadPieces(ref reader, pieces, scores);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }
        Expect(type == "Unigram", $"its model is '{type}', T5's is Unigram");
        Expect(unknown is { } id && id >= 0 && id < scores.Count, "its unk_id names no piece of its vocab");
        _model = new UnigramModel(pieces, scores, unknown!.Value);
    }

    private void ReadPieces(ref Utf8JsonReader reader, PieceTrie pieces, List<double> scores)
    {
        var piece = new byte[256];
        while (reader.Read() && reader.TokenType == JsonTokenType.StartArray)
        {
            reader.Read();
            var isText = reader.TokenType == JsonTokenType.String && reader.ValueSpan.Length <= piece.Length;
            Expect(isText, $"piece {scores.Count} is no text of at most {piece.Length} bytes");
            var length = reader.CopyString(piece);
            reader.Read();
            Expect(reader.TokenType == JsonTokenType.Number, $"piece {scores.Count} has no score");
            pieces.Add(piece.AsSpan(0, length), scores.Count);
            scores.Add(reader.GetDouble());
            reader.Read();
        }
    }

    private void Expect(bool condition, string problem)
    {
        if (!condition)
        {
            throw Unusable(problem);
        }
    }

    private InvalidDataException Unusable(string problem) =>
        new($"T5 tokenizer: '{_path}' cannot be used: {problem}. {TokenizerLocator.T5Remedy}");

    /// <summary>A token that is found in the raw text as it stands, such as <c>&lt;extra_id_0&gt;</c>.</summary>
    internal sealed record AddedToken(string Text, int Id);
}
