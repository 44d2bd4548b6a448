using System.Diagnostics;
using Newtonsoft.Json.Linq;
using NodeHost.Diffusion.Text.Tokenization;

namespace NodeHost.Tests.Diffusion.Text.Tokenization;

public sealed class T5TokenizerTests
{
    private static readonly (string Piece, double Score)[] Pieces =
    [
        ("<pad>", 0),
        ("</s>", 0),
        ("<unk>", 0),
        ("▁", -2),
        ("a", -3),
        ("b", -3),
        ("ab", -4),
        ("abc", -9),
        ("c", -4),
        ("▁ab", -5),
        ("é", -6),
        ("fi", -6),
        ("▁cab", -20),
        ("x", -5),
        ("xx", -10),
        ("<extra_id_0>", 0),
    ];

    [Theory]
    [InlineData("", "")]
    [InlineData(" ", "")]
    [InlineData("ab", "▁ab")]
    [InlineData("ab ab", "▁ab ▁ab")]
    [InlineData(" ab  ab ", "▁ab ▁ab")]
    [InlineData("abc", "▁ab c")]
    [InlineData("cab", "▁ c ab")]
    [InlineData("b", "▁ b")]
    // Of equal sums the first found stays: the longer piece.
    [InlineData("xx", "▁ xx")]
    public void Encode_Words_TakesThePiecesWithTheBestSum(string text, string pieces) =>
        Assert.Equal(pieces, Encode(text));

    [Theory]
    [InlineData("q", "▁ <unk>")]
    [InlineData("qqq", "▁ <unk>")]
    [InlineData("qaq", "▁ <unk> a <unk>")]
    [InlineData("日本 語", "▁ <unk> ▁ <unk>")]
    [InlineData("\ud83d", "▁ <unk>")]
    [InlineData("a\udc00b", "▁ a <unk> b")]
    public void Encode_UnknownCharacters_BecomeOneUnknownPiecePerRun(string text, string pieces) =>
        Assert.Equal(pieces, Encode(text));

    [Theory]
    [InlineData("ab</s>ab", "▁ab </s> ab")]
    [InlineData("ab </s> ab", "▁ab </s> ▁ab")]
    [InlineData("</s>", "</s>")]
    [InlineData("<extra_id_0><pad>", "<extra_id_0> <pad>")]
    [InlineData("</S>", "▁ <unk>")]
    [InlineData("a<unk>", "▁ a <unk>")]
    public void Encode_SpecialTokensInText_AreThoseTokens(string text, string pieces) =>
        Assert.Equal(pieces, Encode(text));

    [Theory]
    [InlineData("ＡＢ", "▁ab")]
    [InlineData("e\u0301", "▁ é")]
    [InlineData("ﬁ", "▁ fi")]
    [InlineData("a\u200db", "▁ a ▁ b")]
    [InlineData("a\u0007b", "▁ab")]
    [InlineData("a\r\nb", "▁ a ▁ b")]
    // A cluster goes whole into what its first mapped prefix becomes: the accent is lost.
    [InlineData("ﬁ\u0301", "▁ fi")]
    // Six bytes and more: each character by itself.
    [InlineData("ﬁ\u0301\u0301", "▁ fi <unk>")]
    [InlineData("▁ab", "▁ab")]
    public void Encode_MappedCharacters_AreReplacedByGraphemeClusters(string text, string pieces) =>
        Assert.Equal(pieces, Encode(text));

    [Theory]
    [InlineData("always", "▁ab </s> ▁ab")]
    [InlineData("first", "▁ab </s> ab")]
    [InlineData("never", "ab </s> ab")]
    public void Encode_PrependScheme_DecidesWhichWordsGetASpace(string scheme, string pieces) =>
        Assert.Equal(pieces, Encode("ab</s>ab", json => json["pre_tokenizer"]!["prepend_scheme"] = scheme));

    [Fact]
    public void Tokenize_ShortPrompt_IsPaddedTo256WithZeros()
    {
        using var folder = Write();
        var chunks = new PromptTokenizer(T5Tokenizer.Load(folder.Path), ChunkLayout.T5).Tokenize("(ab:1.5) ab");

        var chunk = Assert.Single(chunks);
        Assert.Equal(256, chunk.Length);
        Assert.Equal([(9, 1.5), (9, 1.0), (1, 1.0), (0, 1.0)], chunk.Take(4).Select(token => (token.Id, token.Weight)));
    }

    [Theory]
    [InlineData("model.type", "\"BPE\"")]
    [InlineData("model.unk_id", "null")]
    [InlineData("model.unk_id", "99")]
    [InlineData("model.unk_id", "0.5")]
    [InlineData("model.vocab", "{}")]
    [InlineData("model.vocab", "[[\"a\"]]")]
    [InlineData("model.vocab", "[[1, 2]]")]
    [InlineData("model.vocab", "[]")]
    [InlineData("model", "null")]
    [InlineData("added_tokens", "[]")]
    [InlineData("added_tokens", "[{}]")]
    [InlineData("added_tokens", "3")]
    [InlineData("normalizer", "{\"type\": \"NFD\"}")]
    [InlineData("normalizer", "{\"type\": \"Precompiled\", \"precompiled_charsmap\": \"AAAA\"}")]
    [InlineData("normalizer", "{\"type\": \"Precompiled\", \"precompiled_charsmap\": \"/////w==\"}")]
    [InlineData("normalizer", "{\"type\": \"Precompiled\", \"precompiled_charsmap\": \"?\"}")]
    [InlineData("normalizer", "{}")]
    [InlineData("pre_tokenizer", "{\"type\": \"Whitespace\"}")]
    [InlineData("pre_tokenizer.prepend_scheme", "\"maybe\"")]
    [InlineData("pre_tokenizer.replacement", "\"\"")]
    public void Load_UnusableFile_IsRefusedWithItsName(string path, string value)
    {
        using var folder = Write(json => json.SelectToken(path)!.Replace(JToken.Parse(value)));

        var error = Assert.Throws<InvalidDataException>(() => T5Tokenizer.Load(folder.Path));

        Assert.Contains("tokenizer.json", error.Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("{\"model\": {")]
    public void Load_BrokenJson_IsRefusedWithItsName(string content)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("tokenizer.json"), content);

        Assert.Contains(
            "tokenizer.json",
            Assert.Throws<InvalidDataException>(() => T5Tokenizer.Load(folder.Path)).Message
        );
    }

    [Fact]
    public void Load_FileMissing_SaysWhichFileToPutWhere()
    {
        using var folder = new TemporaryFolder();

        var error = Assert.Throws<FileNotFoundException>(() => T5Tokenizer.Load(folder.Path));

        Assert.Contains("google/t5-v1_1-xxl into models/tokenizers/t5/", error.Message);
    }

    [Theory]
    [InlineData("a", 300_000)]
    [InlineData("ab ", 100_000)]
    [InlineData("q", 300_000)]
    [InlineData("</s>", 75_000)]
    [InlineData("<", 300_000)]
    [InlineData("\u0301", 300_000)]
    public void Encode_HundredsOfKilobytes_StaysLinear(string unit, int count)
    {
        using var folder = Write();
        var tokenizer = T5Tokenizer.Load(folder.Path);
        var text = string.Concat(Enumerable.Repeat(unit, count));
        var watch = Stopwatch.StartNew();

        tokenizer.Encode(text, []);

        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(5), $"{text.Length} characters took {watch.Elapsed}.");
    }

    private static string Encode(string text, Action<JObject>? change = null)
    {
        using var folder = Write(change);
        List<int> ids = [];
        T5Tokenizer.Load(folder.Path).Encode(text, ids);
        return string.Join(' ', ids.Select(id => Pieces[id].Piece));
    }

    private static TemporaryFolder Write(Action<JObject>? change = null)
    {
        var map = CharsMapBuilder.Build(
            ("Ａ", "a"),
            ("Ｂ", "b"),
            ("e\u0301", "é"),
            ("ﬁ", "fi"),
            ("\u200d", " "),
            ("\u0007", ""),
            ("\r", " "),
            ("\n", " ")
        );
        var json = new JObject
        {
            ["version"] = "1.0",
            ["added_tokens"] = new JArray(
                new[] { 0, 1, 2, 15 }.Select(id => new JObject { ["id"] = id, ["content"] = Pieces[id].Piece })
            ),
            ["normalizer"] = new JObject
            {
                ["type"] = "Sequence",
                ["normalizers"] = new JArray(
                    new JObject { ["type"] = "Precompiled", ["precompiled_charsmap"] = Convert.ToBase64String(map) },
                    new JObject
                    {
                        ["type"] = "Strip",
                        ["strip_left"] = false,
                        ["strip_right"] = true,
                    },
                    new JObject
                    {
                        ["type"] = "Replace",
                        ["pattern"] = new JObject { ["Regex"] = " {2,}" },
                        ["content"] = "▁",
                    }
                ),
            },
            ["pre_tokenizer"] = new JObject
            {
                ["type"] = "Metaspace",
                ["replacement"] = "▁",
                ["prepend_scheme"] = "first",
            },
            ["model"] = new JObject
            {
                ["type"] = "Unigram",
                ["unk_id"] = 2,
                ["vocab"] = new JArray(Pieces.Select(piece => new JArray(piece.Piece, piece.Score))),
            },
        };
        change?.Invoke(json);
        var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("tokenizer.json"), json.ToString());
        return folder;
    }
}
