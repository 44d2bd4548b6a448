using NodeHost.Diffusion.Text.Tokenization;
using NodeHost.Tests.Shared;

namespace NodeHost.Tests.Diffusion.Text.Tokenization;

public sealed class ClipVocabularyTests
{
    [Theory]
    [InlineData("vocab.json")]
    [InlineData("merges.txt")]
    public void Load_FileMissing_NamesItAndTheRemedy(string missing)
    {
        using var folder = CopyOfTiny();
        File.Delete(folder.File(missing));

        var error = Assert.Throws<FileNotFoundException>(() => ClipVocabulary.Load(folder.Path));

        Assert.Contains(missing, error.Message);
        Assert.Contains("models/tokenizers/clip/", error.Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData("{} {}")]
    [InlineData("null")]
    [InlineData("{\"a\": 1")]
    [InlineData("{\"a\": \"1\"}")]
    [InlineData("{\"a\": -1}")]
    [InlineData("{\"a\": 1.5}")]
    [InlineData("{\"a\": 99999999999}")]
    [InlineData("{\"a\": [[[[]]]]}")]
    [InlineData("{\"\\ud800\": 1}")]
    [InlineData("{\"<|startoftext|>\": 0, \"<|endoftext|>\": 1}")]
    [InlineData("\0\0\0\0")]
    public void Load_MalformedVocabulary_IsRefusedWithTheFilesName(string content)
    {
        using var folder = CopyOfTiny();
        File.WriteAllText(folder.File("vocab.json"), content);

        var error = Assert.Throws<InvalidDataException>(() => ClipVocabulary.Load(folder.Path));

        Assert.Contains("vocab.json", error.Message);
    }

    [Theory]
    [InlineData("one")]
    [InlineData(" a")]
    [InlineData("a ")]
    [InlineData("a b c")]
    [InlineData("zzz qqq")]
    public void Load_MalformedMerges_NamesTheLine(string line)
    {
        using var folder = CopyOfTiny();
        File.WriteAllText(folder.File("merges.txt"), $"#version: 0.2\n{line}\n");

        var error = Assert.Throws<InvalidDataException>(() => ClipVocabulary.Load(folder.Path));

        Assert.Contains("merges.txt", error.Message);
        Assert.Contains("line 2", error.Message);
    }

    [Fact]
    public void Load_WindowsLineEndsAndByteOrderMarks_AreRead()
    {
        using var folder = CopyOfTiny();
        foreach (var name in (string[])["vocab.json", "merges.txt"])
        {
            var text = File.ReadAllText(folder.File(name)).Replace("\n", "\r\n");
            File.WriteAllText(
                folder.File(name),
                text,
                new System.Text.UTF8Encoding(encoderShouldEmitUTF8Identifier: true)
            );
        }
        var tokenizer = new ClipTokenizer(ClipVocabulary.Load(folder.Path));
        List<int> ids = [];
        List<int> expected = [];

        tokenizer.Encode("a photograph of the sea", ids);
        TinyClip.Tokenizer.Encode("a photograph of the sea", expected);

        Assert.Equal(expected, ids);
    }

    private static TemporaryFolder CopyOfTiny()
    {
        var folder = new TemporaryFolder();
        foreach (var name in (string[])["vocab.json", "merges.txt"])
        {
            File.Copy(Repository.Model($"tokenizers/clip/{name}"), folder.File(name));
        }
        return folder;
    }
}
