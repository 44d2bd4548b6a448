using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace NodeHost.Tests.Diffusion.Text.Tokenization;

/// <summary>
/// Learns a small byte-level BPE vocabulary in CLIP's file formats from a text: 256 byte symbols, the same with
/// <c>&lt;/w&gt;</c>, then the most frequent pairs one by one, then the start and end tokens.
/// </summary>
internal static partial class BpeTrainer
{
    private const string EndOfWord = "</w>";

    public static (string Vocabulary, string Merges) Train(string corpus, int size)
    {
        var symbols = ByteSymbols();
        List<string> tokens =
        [
            .. symbols.Select(symbol => symbol + ""),
            .. symbols.Select(symbol => symbol + EndOfWord),
        ];
        var merges = new StringBuilder("#version: 0.2\n");
        var words = Words()
            .Matches(corpus.ToLowerInvariant())
            .GroupBy(word => word.Value)
            .Select(group => (Symbols: Split(group.Key, symbols), Count: group.Count()))
            .ToList();
        while (tokens.Count < size - 2 && MostFrequent(words) is { } pair)
        {
            var joined = pair.Left + pair.Right;
            tokens.Add(joined);
            merges.Append(CultureInfo.InvariantCulture, $"{pair.Left} {pair.Right}\n");
            foreach (var (word, _) in words)
            {
                Join(word, pair, joined);
            }
        }
        tokens.AddRange(["<|startoftext|>", "<|endoftext|>"]);
        var lines = tokens.Select((token, id) => $"  \"{token.Replace("\\", "\\\\").Replace("\"", "\\\"")}\": {id}");
        return ($"{{\n{string.Join(",\n", lines)}\n}}\n", merges.ToString());
    }

    /// <summary>Ties go to the pair that is first in ordinal order, so that the files come out the same everywhere.</summary>
    private static (string Left, string Right)? MostFrequent(List<(List<string> Symbols, int Count)> words)
    {
        var counts = new Dictionary<(string Left, string Right), int>();
        foreach (var (symbols, count) in words)
        {
            for (var i = 1; i < symbols.Count; i++)
            {
                var pair = (symbols[i - 1], symbols[i]);
                counts[pair] = counts.GetValueOrDefault(pair) + count;
            }
        }
        return counts.Count == 0
            ? null
            : counts
                .OrderByDescending(entry => entry.Value)
                .ThenBy(entry => entry.Key.Left, StringComparer.Ordinal)
                .ThenBy(entry => entry.Key.Right, StringComparer.Ordinal)
                .First()
                .Key;
    }

    private static void Join(List<string> word, (string Left, string Right) pair, string joined)
    {
        for (var i = 0; i + 1 < word.Count; i++)
        {
            if (word[i] == pair.Left && word[i + 1] == pair.Right)
            {
                word[i] = joined;
                word.RemoveAt(i + 1);
            }
        }
    }

    private static List<string> Split(string word, char[] symbols)
    {
        var split = Encoding.UTF8.GetBytes(word).Select(value => symbols[value] + "").ToList();
        split[^1] += EndOfWord;
        return split;
    }

    private static char[] ByteSymbols()
    {
        var next = '\u0100';
        return
        [
            .. Enumerable
                .Range(0, 256)
                .Select(value => value is (> 32 and < 127) or (> 160 and < 173) or > 173 ? (char)value : next++),
        ];
    }

    [GeneratedRegex("'(?:s|t|re|ve|m|ll|d)|[a-z]+|[0-9]|[^ \\na-z0-9]+")]
    private static partial Regex Words();
}
