using System.Diagnostics;
using Newtonsoft.Json.Linq;
using NodeHost.Diffusion.Text.Tokenization;
using NodeHost.Tests.Shared;

namespace NodeHost.Tests.Diffusion.Text.Tokenization;

public sealed class TokenizationGoldenTests
{
    [GoldenFact]
    public void Tokenize_GoldenPrompts_GivesComfyUisClipChunks() =>
        AssertChunks("tokenization.json", "clip_l", LoadClip(), new NoEmbeddings());

    [GoldenFact]
    public void Tokenize_GoldenPrompts_GivesComfyUisT5Chunks() =>
        AssertChunks("tokenization.json", "t5xxl", LoadT5(), new NoEmbeddings());

    [GoldenFact]
    public void Tokenize_GoldenEncodePrompts_GivesComfyUisChunksWithEmbeddings() =>
        AssertChunks("text_encode.json", "sd15_chunks", LoadClip(), new ThreeVectors());

    [GoldenFact]
    public void Load_PublishedClipVocabulary_KnowsItsSpecialTokens()
    {
        var clip = ClipVocabulary.Load(Golden.PathOf("tokenizers/clip"));

        Assert.Equal((49406, 49407, 49408), (clip.StartToken, clip.EndToken, clip.Size));
    }

    [GoldenFact]
    public void Load_PublishedT5Tokenizer_CountsItsExtraTokens() =>
        Assert.Equal(32100, T5Tokenizer.Load(Golden.PathOf("tokenizers/t5")).VocabularySize);

    [GoldenFact]
    public void Load_PublishedVocabularies_TakesAMomentOnly()
    {
        LoadClip();
        LoadT5();
        var watch = Stopwatch.StartNew();
        LoadClip();
        var clip = watch.Elapsed;
        LoadT5();
        Console.WriteLine(
            $"loading CLIP {clip.TotalMilliseconds:0} ms, T5 {(watch.Elapsed - clip).TotalMilliseconds:0} ms"
        );

        Assert.True(clip < TimeSpan.FromSeconds(1), $"CLIP took {clip}.");
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(2), $"Both took {watch.Elapsed}.");
    }

    internal static PromptTokenizer LoadClip()
    {
        var clip = new ClipTokenizer(ClipVocabulary.Load(Golden.PathOf("tokenizers/clip")));
        return new PromptTokenizer(clip, ChunkLayout.Clip(clip));
    }

    internal static PromptTokenizer LoadT5() => new(T5Tokenizer.Load(Golden.PathOf("tokenizers/t5")), ChunkLayout.T5);

    private static void AssertChunks(
        string file,
        string column,
        PromptTokenizer tokenizer,
        IPromptEmbeddings embeddings
    )
    {
        var cases = JObject.Parse(File.ReadAllText(Golden.PathOf(Path.Combine("public", file))))["cases"]!;
        var compared = 0;
        foreach (var golden in cases.Where(golden => golden[column] is not null))
        {
            var prompt = (string)golden["prompt"]!;
            var expected = golden[column]!.Select(chunk => string.Join(' ', chunk.Select(Describe)));
            var actual = tokenizer
                .Tokenize(prompt, embeddings)
                .Select(chunk => string.Join(' ', chunk.Select(Describe)));
            Assert.Equal([prompt, .. expected], [prompt, .. actual]);
            compared++;
        }
        Assert.True(compared > 0, $"No case in {file} has {column}.");
    }

    private static string Describe(JToken token) =>
        $"{(token[0]!.Type == JTokenType.Integer ? (int)token[0]! : PromptToken.EmbeddingId)}:{(double)token[1]!:R}";

    private static string Describe(PromptToken token) => $"{token.Id}:{token.Weight:R}";

    private sealed class NoEmbeddings : IPromptEmbeddings
    {
        public IPromptEmbedding? Find(string name) => null;
    }

    private sealed class ThreeVectors : IPromptEmbeddings
    {
        public IPromptEmbedding? Find(string name) => name == "tinyemb" ? new FakeEmbedding(name, 3) : null;
    }
}
