using System.Diagnostics;

namespace NodeHost.Tests.Diffusion.Text.Tokenization;

public sealed class ClipTokenizerTests
{
    [Theory]
    [InlineData("A Photo of a CAT", "a photo of a cat ")]
    [InlineData("don't they'LL 'Sit", "don 't they 'll 's it ")]
    [InlineData("don'ſ", "don 'ſ ")]
    [InlineData("35mm, f/1.8!!", "3 5 mm , f / 1 . 8 !! ")]
    [InlineData("a\tb\nc\u00a0d\u3000e\u2028f", "a b c d e f ")]
    [InlineData("!'s", "!' s ")]
    [InlineData("½Ⅷ", "½ ⅷ ")]
    public void Encode_Text_SplitsWordsDigitsAndSigns(string text, string words) =>
        Assert.Equal(words, TinyClip.Words(text));

    [Theory]
    [InlineData("a\0b", "ab ")]
    [InlineData("a\u0007\u0085\u001cb", "ab ")]
    [InlineData("a\u200d\u200b\ufeffb", "ab ")]
    [InlineData("a\ufffdb\ue000c\u0378d", "abcd ")]
    [InlineData("a\ud83db", "ab ")]
    [InlineData("a\udc00", "a ")]
    [InlineData("\ud83d\udc69\u200d\ud83d\udc67", "👩👧 ")]
    [InlineData("\u202eabc\u202c", "abc ")]
    [InlineData("\0", "")]
    [InlineData("\ud800", "")]
    public void Encode_ControlFormatAndBrokenCharacters_AreDropped(string text, string words) =>
        Assert.Equal(words, TinyClip.Words(text));

    [Theory]
    [InlineData("日本語のa", "日 本 語 のa ")]
    [InlineData("x\U00020000y", "x \U00020000 y ")]
    [InlineData("한국어", "한국어 ")]
    public void Encode_ChineseCharacters_StandApart(string text, string words) =>
        Assert.Equal(words, TinyClip.Words(text));

    [Theory]
    [InlineData("e\u0301", "é")]
    [InlineData("A\u030a\u0301", "ǻ")]
    [InlineData("\u1112\u1161\u11ab", "한")]
    [InlineData("\uac00\u11a8", "각")]
    [InlineData("z\u0301\u0323", "ẓ\u0301")]
    [InlineData("q\u0307\u0323", "q\u0323\u0307")]
    [InlineData("\u0344", "\u0308\u0301")]
    [InlineData("\u212b", "å")]
    [InlineData("\u0958", "\u0915\u093c")]
    [InlineData("\u0b47\u0b3e", "\u0b4b")]
    [InlineData("\U0001d15e", "\U0001d157\U0001d165")]
    public void Encode_DecomposedCharacters_EqualsTheirComposedForm(string decomposed, string composed) =>
        Assert.Equal(Ids(composed), Ids(decomposed));

    [Theory]
    [InlineData("ÉÀÖ", "éàö ")]
    [InlineData("ПРИВЕТ", "привет ")]
    [InlineData("İ", "i\u0307")]
    [InlineData("ΟΔΟΣ ΣΑΣ", "οδος σας ")]
    [InlineData("ΑΣ' Σ", "ας ' σ ")]
    [InlineData("ΑΣ'Α", "ασ 'α")]
    [InlineData("ΑΣ\U0001f170", "ασ \U0001f170")]
    [InlineData("\U00010400", "\U00010428 ")]
    [InlineData("ẞ", "ß ")]
    public void Encode_CapitalLetters_AreLoweredAsPythonLowersThem(string text, string words) =>
        Assert.Equal(words.Replace(" ", ""), TinyClip.Words(text).Replace(" ", ""));

    [Theory]
    [InlineData("a<|endoftext|>b", "a <|endoftext|> b ")]
    [InlineData("!!<|endoftext|>", "!! <|endoftext|> ")]
    [InlineData("a<|EndOfText|>b", "a <|endoftext|> b ")]
    [InlineData("!!<|EndOfText|>", "!!<| endoftext |> ")]
    [InlineData("<|endof\u200btext|>", "<|endoftext|> ")]
    [InlineData("<|startoftext|><|startoftext|>", "<|startoftext|> <|startoftext|> ")]
    [InlineData("<|<|endoftext|>", "<| <|endoftext|> ")]
    [InlineData("<|endoftex", "<| endoftex ")]
    public void Encode_SpecialTokensInText_AreThoseTokens(string text, string words) =>
        Assert.Equal(words, TinyClip.Words(text));

    [Fact]
    public void Encode_EveryByte_IsKnownToTheVocabulary()
    {
        // Every lead and continuation byte that UTF-8 has.
        for (var character = 0x21; character < 0x110000; character += character < 0x3000 ? 1 : 37)
        {
            if (character is < 0xD800 or > 0xDFFF)
            {
                Ids($"a{char.ConvertFromUtf32(character)}b");
            }
        }
        Assert.NotEmpty(Ids("ÿ"));
    }

    [Theory]
    [InlineData("a", 200_000)]
    [InlineData("ab", 100_000)]
    [InlineData("photograph", 20_000)]
    [InlineData("!?.", 70_000)]
    [InlineData("<", 200_000)]
    [InlineData("<|endoftext|>", 15_000)]
    [InlineData("\u0301\u0323", 100_000)]
    [InlineData("Σ.", 100_000)]
    [InlineData("猫", 100_000)]
    [InlineData("painting of a castle ", 10_000)]
    public void Encode_HundredsOfKilobytes_StaysNearLinear(string unit, int count)
    {
        var text = string.Concat(Enumerable.Repeat(unit, count));
        var watch = Stopwatch.StartNew();

        Ids(text);

        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(8), $"{text.Length} characters took {watch.Elapsed}.");
    }

    [Theory]
    [InlineData("aaaaaaa")]
    [InlineData("ababab")]
    [InlineData("photographphotograph")]
    [InlineData("seeingthetreesandsnowbetweenthewindowsandwoodentables")]
    public void Encode_LongWord_MergesInTheOrderOfThePublishedAlgorithm(string word) =>
        Assert.Equal(MergeByTheBook(word), TinyClip.TokensOf(word));

    private static List<int> Ids(string text)
    {
        List<int> ids = [];
        TinyClip.Tokenizer.Encode(text, ids);
        return ids;
    }

    /// <summary>Byte-pair encoding as its paper writes it, quadratic and plain, over ASCII words.</summary>
    private static List<string> MergeByTheBook(string word)
    {
        List<string> symbols = [.. word.Select(letter => letter + "")];
        symbols[^1] += "</w>";
        foreach (var merge in TinyClip.Merges)
        {
            for (var i = 0; i + 1 < symbols.Count; i++)
            {
                if (symbols[i] == merge.Left && symbols[i + 1] == merge.Right)
                {
                    symbols[i] += symbols[i + 1];
                    symbols.RemoveAt(i + 1);
                }
            }
        }
        return symbols;
    }
}
