using System.Text.Encodings.Web;
using System.Text.Json;

namespace NodeHost.TinyModels;

/// <summary>
/// A unigram vocabulary counted from a text: the printable ASCII characters, and the words and the parts of words that are
/// most frequent. Not trained as SentencePiece trains one; it has the form of T5's and tells words apart.
/// </summary>
internal sealed class UnigramVocabulary
{
    private const char Mark = '▁';
    private const int LongestPart = 4;

    private static readonly string[] Special = ["<pad>", "</s>", "<unk>"];
    private static readonly JsonSerializerOptions Json = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private UnigramVocabulary(IReadOnlyList<(string Text, double Score)> pieces) => Pieces = pieces;

    public IReadOnlyList<(string Text, double Score)> Pieces { get; }

    public static UnigramVocabulary Count(string corpus, int size)
    {
        var counts = Enumerable.Range('!', '~' - '!' + 1).Append(Mark).ToDictionary(code => $"{(char)code}", _ => 1);
        var characters = counts.Keys.ToHashSet();
        foreach (var word in corpus.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries))
        {
            foreach (var part in Parts($"{Mark}{word}"))
            {
                counts[part] = counts.GetValueOrDefault(part) + 1;
            }
        }
        var total = (double)counts.Values.Sum();
        var chosen = counts
            .OrderByDescending(piece => characters.Contains(piece.Key))
            .ThenByDescending(piece => piece.Value * piece.Key.Length)
            .ThenBy(piece => piece.Key, StringComparer.Ordinal)
            .Take(size - Special.Length)
            .Select(piece => (piece.Key, Math.Round(Math.Log(piece.Value / total), 4)));
        return new UnigramVocabulary([.. Special.Select(text => (text, 0.0)), .. chosen]);
    }

    /// <summary>As a Hugging Face <c>tokenizer.json</c>.</summary>
    public string ToTokenizerJson() =>
        JsonSerializer.Serialize(
            new
            {
                version = "1.0",
                added_tokens = Special.Select(
                    (content, id) =>
                        new
                        {
                            id,
                            content,
                            special = true,
                        }
                ),
                normalizer = (object?)null,
                pre_tokenizer = new
                {
                    type = "Metaspace",
                    replacement = $"{Mark}",
                    prepend_scheme = "always",
                },
                model = new
                {
                    type = "Unigram",
                    unk_id = Array.IndexOf(Special, "<unk>"),
                    vocab = Pieces.Select(piece => new object[] { piece.Text, piece.Score }),
                },
            },
            Json
        );

    private static IEnumerable<string> Parts(string word)
    {
        yield return word;
        for (var start = 0; start < word.Length; start++)
        {
            for (var length = 1; length <= LongestPart && start + length <= word.Length; length++)
            {
                if (length < word.Length)
                {
                    yield return word.Substring(start, length);
                }
            }
        }
    }
}
