using NodeHost.Diffusion.Text.Tokenization;
using NodeHost.Tests.Shared;

namespace NodeHost.Tests.Diffusion.Text.Tokenization;

/// <summary>The committed vocabulary of the tiny models; written anew by running these tests with NODEHOST_WRITE_ASSETS=1.</summary>
public sealed class TinyClipVocabularyTests
{
    private const int Size = 1000;

    [Fact]
    public void TinyVocabulary_TrainedAgain_EqualsTheCommittedFiles()
    {
        var folder = Repository.Model("tokenizers/clip");
        var (vocabulary, merges) = BpeTrainer.Train(File.ReadAllText(Path.Combine(folder, "corpus.txt")), Size);
        if (Environment.GetEnvironmentVariable("NODEHOST_WRITE_ASSETS") == "1")
        {
            File.WriteAllText(Path.Combine(folder, ClipVocabulary.VocabularyFile), vocabulary);
            File.WriteAllText(Path.Combine(folder, ClipVocabulary.MergesFile), merges);
        }

        Assert.Equal(File.ReadAllText(Path.Combine(folder, ClipVocabulary.VocabularyFile)), vocabulary);
        Assert.Equal(File.ReadAllText(Path.Combine(folder, ClipVocabulary.MergesFile)), merges);
    }

    [Fact]
    public void TinyVocabulary_Loaded_HasItsSpecialTokensLast()
    {
        var vocabulary = ClipVocabulary.Load(Repository.Model("tokenizers/clip"));

        Assert.Equal((Size - 2, Size - 1, Size), (vocabulary.StartToken, vocabulary.EndToken, vocabulary.Size));
    }
}
