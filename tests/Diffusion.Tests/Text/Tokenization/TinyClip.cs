using System.Text;
using NodeHost.Diffusion.Text.Tokenization;
using NodeHost.Tests.Shared;

namespace NodeHost.Tests.Diffusion.Text.Tokenization;

/// <summary>The committed tiny vocabulary, and its tokens as text.</summary>
internal static class TinyClip
{
    private static readonly string[] Tokens =
    [
        .. Newtonsoft
            .Json.Linq.JObject.Parse(File.ReadAllText(Repository.Model("tokenizers/clip/vocab.json")))
            .Properties()
            .OrderBy(token => (int)token.Value)
            .Select(token => token.Name),
    ];

    public static ClipTokenizer Tokenizer { get; } = new(ClipVocabulary.Load(Repository.Model("tokenizers/clip")));

    public static PromptTokenizer Prompts { get; } = new(Tokenizer, ChunkLayout.Clip(Tokenizer));

    public static IEnumerable<(string Left, string Right)> Merges { get; } =
    [
        .. File.ReadAllLines(Repository.Model("tokenizers/clip/merges.txt"))
            .Skip(1)
            .Select(line => line.Split(' '))
            .Select(pair => (pair[0], pair[1])),
    ];

    public static List<string> TokensOf(string text)
    {
        List<int> ids = [];
        Tokenizer.Encode(text, ids);
        return [.. ids.Select(id => Tokens[id])];
    }

    /// <summary>A text's words as the tokenizer saw them: lower case, bytes read back, a space behind each.</summary>
    public static string Words(string text)
    {
        List<int> ids = [];
        Tokenizer.Encode(text, ids);
        var bytes = new List<byte>();
        foreach (var id in ids)
        {
            if (id >= Tokenizer.StartToken)
            {
                bytes.AddRange(Encoding.UTF8.GetBytes(Tokens[id] + " "));
                continue;
            }
            var isLast = Tokens[id].EndsWith("</w>", StringComparison.Ordinal);
            bytes.AddRange(Tokens[id].Replace("</w>", "").Select(symbol => (byte)Array.IndexOf(Symbols, symbol)));
            bytes.AddRange(isLast ? [(byte)' '] : []);
        }
        return Encoding.UTF8.GetString([.. bytes]);
    }

    private static readonly char[] Symbols = [.. Tokens.Take(256).Select(token => token[0])];
}
