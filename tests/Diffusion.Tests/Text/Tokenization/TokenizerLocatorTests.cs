using NodeHost.Diffusion.Text.Tokenization;

namespace NodeHost.Tests.Diffusion.Text.Tokenization;

public sealed class TokenizerLocatorTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void FindClip_InASearchFolder_GivesTheFirst()
    {
        Create("second/clip/vocab.json", "second/clip/merges.txt", "third/clip/vocab.json", "third/clip/merges.txt");

        Assert.Equal(At("second/clip"), Locator().FindClip());
    }

    [Fact]
    public void FindClip_BesideTheEncoder_ComesBeforeSearchFolders()
    {
        Create("first/clip/vocab.json", "first/clip/merges.txt", "encoders/vocab.json", "encoders/merges.txt");

        Assert.Equal(At("encoders"), Locator().FindClip(At("encoders/clip_l.safetensors")));
    }

    [Fact]
    public void FindClip_VocabularyThatDoesNotFit_IsPassedOverAndNamed()
    {
        Create("first/clip/vocab.json", "first/clip/merges.txt", "second/clip/vocab.json", "second/clip/merges.txt");

        Assert.Equal(At("second/clip"), Locator().FindClip(fits: folder => folder == At("second/clip")));
        var error = Assert.Throws<FileNotFoundException>(() => Locator().FindClip(fits: _ => false));
        Assert.Contains($"{At("first/clip")} (has another number of tokens", error.Message);
    }

    [Fact]
    public void FindClip_InComfyUi_IsTheLastResort()
    {
        Create("comfy-ui/comfy/sd1_clip_tokenizer/vocab.json", "comfy-ui/comfy/sd1_clip_tokenizer/merges.txt");

        Assert.Equal(At("comfy-ui/comfy/sd1_clip_tokenizer"), Locator().FindClip());
    }

    [Fact]
    public void FindT5_InComfyUi_IsFound()
    {
        Create("comfy-ui/comfy/text_encoders/t5_tokenizer/tokenizer.json");

        Assert.Equal(At("comfy-ui/comfy/text_encoders/t5_tokenizer"), Locator().FindT5());
    }

    [Fact]
    public void FindClip_Nowhere_ListsEveryPlaceAndTheRemedy()
    {
        Create("second/clip/vocab.json");

        var error = Assert.Throws<FileNotFoundException>(() => Locator().FindClip(At("encoders/a.safetensors")));

        Assert.Equal(
            $"CLIP vocabulary not found: looked in {At("encoders/clip")}, {At("encoders")}, {At("first/clip")}, "
                + $"{At("second/clip")} (lacks merges.txt), {At("third/clip")}, {At("comfy-ui/comfy/sd1_clip_tokenizer")}. "
                + "Put vocab.json and merges.txt of openai/clip-vit-large-patch14 into models/tokenizers/clip/",
            error.Message
        );
    }

    [Fact]
    public void FindT5_WithoutFolders_SaysWhatToDo()
    {
        var error = Assert.Throws<FileNotFoundException>(() => new TokenizerLocator([]).FindT5());

        Assert.Contains("Put tokenizer.json of google/t5-v1_1-xxl into models/tokenizers/t5/", error.Message);
    }

    public void Dispose() => _folder.Dispose();

    private TokenizerLocator Locator() => new([At("first"), At("second"), At("third")], At("comfy-ui"));

    private string At(string relative) => Path.Combine(_folder.Path, relative);

    private void Create(params string[] files)
    {
        foreach (var file in files)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(At(file))!);
            File.WriteAllText(At(file), "");
        }
    }
}
