using Newtonsoft.Json.Linq;
using NodeHost.Diffusion.Text.Tokenization;

namespace NodeHost.Golden.Groups;

/// <summary>Prompt to CLIP-L and T5 ids and weights, chunk by chunk: exact.</summary>
internal sealed class TokenizationGroup : IGoldenGroup
{
    public string Name => "tokenization";

    public string Marker => "tokenization.json";

    public IEnumerable<GoldenResult> Run(GoldenFolder folder, Func<string, bool> wanted)
    {
        var clipTokenizer = new ClipTokenizer(ClipVocabulary.Load(Path.Combine(folder.Tokenizers, "clip")));
        var clip = new PromptTokenizer(clipTokenizer, ChunkLayout.Clip(clipTokenizer));
        var t5 = new PromptTokenizer(T5Tokenizer.Load(Path.Combine(folder.Tokenizers, "t5")), ChunkLayout.T5);
        var cases = GoldenFolder.ReadJson(folder.PathOf(Marker))["cases"]!;
        foreach (var (index, golden) in cases.Index())
        {
            foreach (var (column, tokenizer) in new[] { ("clip_l", clip), ("t5xxl", t5) })
            {
                var name = $"{index}.{column}";
                if (wanted(name) && golden[column] is { } expected)
                {
                    var prompt = (string)golden["prompt"]!;
                    yield return GoldenResult.Guard(name, () => Compare(name, tokenizer, prompt, expected));
                }
            }
        }
    }

    private static GoldenResult Compare(string name, PromptTokenizer tokenizer, string prompt, JToken expected)
    {
        var actual = tokenizer.Tokenize(prompt, new NoEmbeddings());
        return GoldenResult.OfEquality(name, Difference(expected, actual));
    }

    private static string? Difference(JToken expected, IReadOnlyList<PromptToken[]> actual)
    {
        if (expected.Count() != actual.Count)
        {
            return $"expected {expected.Count()} chunks, got {actual.Count}";
        }
        foreach (var (chunk, pair) in expected.Zip(actual).Index())
        {
            if (pair.First.Count() != pair.Second.Length)
            {
                return $"chunk {chunk}: expected {pair.First.Count()} tokens, got {pair.Second.Length}";
            }
            foreach (var (position, (wanted, given)) in pair.First.Zip(pair.Second).Index())
            {
                if ((int)wanted[0]! != given.Id || !((double)wanted[1]!).Equals(given.Weight))
                {
                    return $"chunk {chunk} token {position}: expected {wanted.ToString(Newtonsoft.Json.Formatting.None)}, got [{given.Id},{given.Weight:R}]";
                }
            }
        }
        return null;
    }

    private sealed class NoEmbeddings : IPromptEmbeddings
    {
        public IPromptEmbedding? Find(string name) => null;
    }
}
