using System.Diagnostics;
using NodeHost.Diffusion.Text.Tokenization;

namespace NodeHost.Tests.Diffusion.Text.Tokenization;

public sealed class PromptTokenizerTests
{
    private const int Start = -10;
    private const int End = -20;
    private const int Pad = -30;

    private static readonly ChunkLayout Small = new(Pad, ChunkLength: 12);

    [Fact]
    public void Tokenize_EmptyPrompt_GivesOnePaddedChunk() => Assert.Equal("[ ] . . . . . . . . . .", Describe(""));

    [Fact]
    public void Tokenize_ShortPrompt_PadsBehindTheEndToken() =>
        Assert.Equal("[ a b c ] . . . . . . .", Describe("abc"));

    [Fact]
    public void Tokenize_GroupThatFitsExactly_FillsTheChunk() =>
        Assert.Equal("[ a b c d e f g h i j ]", Describe("abcdefghij"));

    [Fact]
    public void Tokenize_LongGroup_IsCutAtTheChunksEnd() =>
        Assert.Equal("[ a b c d e f g h i j ] | [ k l ] . . . . . . . .", Describe("abcdefghijkl"));

    [Fact]
    public void Tokenize_GroupOfSevenAtTheChunksEnd_MovesIntoTheNextWhole() =>
        Assert.Equal("[ a b c d ] . . . . . . | [ t u v w x y z ] . . .", Describe("(abcd:1.0)(tuvwxyz:1.0)"));

    [Fact]
    public void Tokenize_GroupOfEightAtTheChunksEnd_IsCut() =>
        Assert.Equal("[ a b c d s t u v w x ] | [ y z ] . . . . . . . .", Describe("(abcd:1.0)(stuvwxyz:1.0)"));

    [Fact]
    public void Tokenize_LongGroupBehindAFullChunk_StartsTheNext() =>
        Assert.Equal("[ a b c d e f g h i j ] | [ s t u v w x y z ] . .", Describe("(abcdefghij:1.0)(stuvwxyz:1.0)"));

    [Fact]
    public void Tokenize_Weights_StandOnTheirTokensOnly()
    {
        var chunk = Assert.Single(Tokenizer().Tokenize("a(b:1.5)(c)"));

        Assert.Equal([1.0, 1.0, 1.5, 1.1, 1.0], chunk.Take(5).Select(token => token.Weight));
    }

    [Fact]
    public void Tokenize_Embedding_FillsOnePositionPerVector()
    {
        var embedding = new FakeEmbedding("style", 3);

        var chunk = Assert.Single(Tokenizer().Tokenize("a (embedding:style:1.2) b", Known(embedding)));

        Assert.Equal("[ a _ style0 style1 style2 _ b ] . . .", Describe([chunk]));
        var vectors = chunk.Where(token => ReferenceEquals(token.Embedding, embedding)).ToArray();
        Assert.Equal([0, 1, 2], vectors.Select(token => token.EmbeddingRow));
        Assert.All(vectors, token => Assert.Equal((PromptToken.EmbeddingId, 1.2), (token.Id, token.Weight)));
    }

    [Theory]
    [InlineData("embedding:style", "style0")]
    [InlineData("a embedding:style b", "a style0 b")]
    [InlineData("a\nembedding:style\nb", "a style0 b")]
    [InlineData("embedding:style, b", "style0 , _ b")]
    [InlineData("embedding: style b", "style0 b")]
    [InlineData("embedding:style b  c\td", "style0 b _ c _ d")]
    [InlineData("embedding:style embedding:style", "style0 style0")]
    // The comma makes both one name, which nothing has.
    [InlineData("embedding:style,embedding:style", "")]
    [InlineData("embedding:style (b:1.0)", "style0 b")]
    [InlineData("(b:1.0)embedding:style", "b style0")]
    [InlineData("b,embedding:style", "b , e m b e d d i n g : s t y l e")]
    [InlineData("embedding:other b", "b")]
    [InlineData("embedding:other, b", ", _ b")]
    // As many letters go as the name has without its commas, wherever the commas stood.
    [InlineData("embedding:,style b", "style0 e _ b")]
    [InlineData("embedding:sub/style.pt", "style0")]
    [InlineData("embedding:", "")]
    [InlineData("embedding: ", "")]
    [InlineData("embedding:,", ", _")]
    public void Tokenize_EmbeddingItems_AreReadAsComfyUiReadsThem(string prompt, string expected)
    {
        var style = new FakeEmbedding("style", 1);

        var chunks = Tokenizer()
            .Tokenize(prompt, new Embeddings(name => name is "style" or "sub/style.pt" ? style : null), layout: Long);

        var described = Describe(chunks);
        Assert.Equal(expected.Length > 0 ? $"[ {expected} ]" : "[ ]", described[..(described.IndexOf(']') + 1)]);
    }

    [Fact]
    public void Tokenize_UnknownEmbedding_IsReportedByName()
    {
        List<string> warnings = [];

        Tokenizer().Tokenize("a embedding:nothere, b embedding:", Known(), warnings.Add);

        Assert.Equal(2, warnings.Count);
        Assert.Contains("'nothere'", warnings[0]);
        Assert.Contains("without a name", warnings[1]);
    }

    [Fact]
    public void Tokenize_WithoutEmbeddings_ReadsTheItemAsText() =>
        Assert.StartsWith("[ e m b e d d i n g : x ]", Describe(Tokenizer().Tokenize("embedding:x", layout: Long)));

    [Fact]
    public void Tokenize_EmbeddingLongerThanAChunk_GoesOnInTheNext() =>
        Assert.Equal(
            "[ s0 s1 s2 s3 s4 s5 s6 s7 s8 s9 ] | [ s10 s11 ] . . . . . . . .",
            Describe(Tokenizer().Tokenize("embedding:s", Known(new FakeEmbedding("s", 12))))
        );

    [Fact]
    public void Tokenize_LayoutWithoutChunks_PadsToTheMinimumAndByTheMinimum()
    {
        var layout = new ChunkLayout(Pad, MinLength: 8);

        Assert.Equal("[ a b ] . . . .", Describe(Tokenizer().Tokenize("ab", layout: layout)));
        Assert.Equal("[ a b c d e f g h i j ]", Describe(Tokenizer().Tokenize("abcdefghij", layout: layout)));
        Assert.Equal(
            "[ a b c d e f g h i j ] . .",
            Describe(Tokenizer().Tokenize("abcdefghij", layout: layout with { MinPadding = 2 }))
        );
    }

    [Fact]
    public void Tokenize_TinyVocabulary_MakesChunksOf77PaddedWithTheEndToken()
    {
        var chunks = TinyClip.Prompts.Tokenize(string.Concat(Enumerable.Repeat("a photo of a (cat:1.2), ", 20)));

        Assert.Equal([77, 77], chunks.Select(chunk => chunk.Length));
        Assert.All(chunks, chunk => Assert.Equal(TinyClip.Tokenizer.StartToken, chunk[0].Id));
        Assert.All(chunks, chunk => Assert.Equal(TinyClip.Tokenizer.EndToken, chunk[^1].Id));
    }

    [Fact]
    public void Tokenize_ManyShortGroups_StaysLinear()
    {
        var prompt = string.Concat(Enumerable.Repeat("(a:1.2) embedding:x, ", 20_000));
        var watch = Stopwatch.StartNew();

        TinyClip.Prompts.Tokenize(prompt, Known(new FakeEmbedding("x", 2)));

        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(5), $"{prompt.Length} characters took {watch.Elapsed}.");
    }

    private static readonly ChunkLayout Long = new(Pad, ChunkLength: 77);

    private static PromptTokenizer Tokenizer() => new(new LetterTokenizer(), Small);

    private static Embeddings Known(params FakeEmbedding[] known) =>
        new(name => known.FirstOrDefault(embedding => embedding.Name == name));

    private static string Describe(string prompt) => Describe(Tokenizer().Tokenize(prompt));

    private static string Describe(IReadOnlyList<PromptToken[]> chunks) =>
        string.Join(" | ", chunks.Select(chunk => string.Join(' ', chunk.Select(Describe))));

    private static string Describe(PromptToken token) =>
        token switch
        {
            { Embedding: { } embedding } => $"{embedding.Name}{token.EmbeddingRow}",
            { Id: Start } => "[",
            { Id: End } => "]",
            { Id: Pad } => ".",
            { Id: ' ' } => "_",
            _ => ((char)token.Id).ToString(),
        };

    /// <summary>Every letter is a token.</summary>
    private sealed class LetterTokenizer : ITokenizer
    {
        public int? StartToken => Start;

        public int EndToken => End;

        public int VocabularySize => char.MaxValue + 1;

        public void Encode(string text, List<int> ids) => ids.AddRange(text.Select(letter => (int)letter));
    }

    private sealed class Embeddings(Func<string, IPromptEmbedding?> find) : IPromptEmbeddings
    {
        public IPromptEmbedding? Find(string name) => find(name);
    }
}
