using NodeHost.Diffusion.Text.Tokenization;
using NodeHost.Tests.Shared;

namespace NodeHost.Tests.Diffusion.Text.Tokenization;

/// <summary>The small tokenizer that ships with the example workflows.</summary>
public sealed class TinyT5TokenizerTests
{
    private const int Unknown = 2;

    private static readonly T5Tokenizer Tokenizer = T5Tokenizer.Load(Repository.Model("tokenizers/t5"));

    [Fact]
    public void Encode_AnyPrintableAscii_KnowsEveryCharacter()
    {
        Assert.DoesNotContain(
            Unknown,
            Encode(string.Concat(Enumerable.Range(' ', '~' - ' ' + 1).Select(code => (char)code)))
        );
    }

    [Fact]
    public void Encode_WordsOfItsCorpus_AreSinglePieces()
    {
        Assert.Equal(3, Encode("a photo of").Length);
        Assert.Equal(Encode("a photo of"), Encode("a photo of cat")[..3]);
    }

    [Fact]
    public void VocabularySize_IsThatOfTheTinyEncoder()
    {
        Assert.Equal(1000, Tokenizer.VocabularySize);
        Assert.Equal(1, Tokenizer.EndToken);
    }

    private static int[] Encode(string text)
    {
        List<int> ids = [];
        Tokenizer.Encode(text, ids);
        return [.. ids];
    }
}
