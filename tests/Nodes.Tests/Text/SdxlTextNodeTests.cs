using NodeHost.Diffusion.Conditions;
using NodeHost.Diffusion.Models;
using NodeHost.Diffusion.Text;
using NodeHost.Diffusion.Text.Tokenization;
using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Text;
using NodeHost.Tensors;

namespace NodeHost.Tests.Nodes.Text;

[AssertNoLeakedTensors]
public sealed class SdxlTextNodeTests
{
    private static readonly NodeContext Context = new();

    [Theory]
    [InlineData("one", "1 2 3", 3)]
    [InlineData("1 2 3 4", "one", 4)]
    [InlineData("one", "two", 1)]
    public void ClipTextEncodeSdxl_TextsOfUnequalLength_FillTheShorterWithTheEmptyPrompt(
        string wide,
        string narrow,
        int chunks
    )
    {
        using var scope = new TensorScope();
        var encoder = new RecordingEncoder("l", "g");

        Node(encoder, wide, narrow).Execute(Context);

        var encoded = encoder.Encoded!.Chunks;
        Assert.Equal((chunks, chunks), (encoded["l"].Count, encoded["g"].Count));
        Assert.Equal(wide.Length, encoded["g"][0][0].Id);
        Assert.Equal(narrow.Length, encoded["l"][0][0].Id);
        Assert.All(encoded["g"].Skip(wide.Split(' ').Length), chunk => Assert.Equal(0, chunk[0].Id));
        Assert.All(encoded["l"].Skip(narrow.Split(' ').Length), chunk => Assert.Equal(0, chunk[0].Id));
    }

    [Fact]
    public void ClipTextEncodeSdxl_Sizes_GoWithTheConditioning()
    {
        using var scope = new TensorScope();

        var entry = Assert.Single(Node(new RecordingEncoder("l", "g"), "a", "b").Execute(Context).Entries);

        Assert.Equal(
            new PictureSizes
            {
                Width = 1,
                Height = 2,
                CropWidth = 3,
                CropHeight = 4,
                TargetWidth = 5,
                TargetHeight = 6,
            },
            entry.Sizes
        );
    }

    [Fact]
    public void ClipTextEncodeSdxl_RefinersEncoder_TakesTheWideTextAlone()
    {
        using var scope = new TensorScope();
        var encoder = new RecordingEncoder("g");

        Node(encoder, "wide", "x").Execute(Context);

        Assert.Equal(4, Assert.Single(encoder.Encoded!.Chunks["g"])[0].Id);
    }

    [Fact]
    public void ClipTextEncodeSdxl_EncoderOfAnotherFamily_SaysWhatToLoad()
    {
        var error = Assert.Throws<ArgumentException>(() => Node(new RecordingEncoder("l"), "a", "b").Execute(Context));

        Assert.Contains("DualCLIPLoader, type sdxl", error.Message);
    }

    [Fact]
    public void ClipTextEncodeSdxlRefiner_Score_GoesWithTheConditioning()
    {
        using var scope = new TensorScope();
        var node = new ClipTextEncodeSdxlRefiner
        {
            Clip = new Clip { Encoder = new RecordingEncoder("g") },
            Text = "a",
            Width = 7,
            Height = 8,
            AestheticScore = 2.5,
        };

        var sizes = Assert.Single(node.Execute(Context).Entries).Sizes;

        Assert.Equal(
            new PictureSizes
            {
                Width = 7,
                Height = 8,
                AestheticScore = 2.5,
            },
            sizes
        );
    }

    private static ClipTextEncodeSdxl Node(RecordingEncoder encoder, string wide, string narrow) =>
        new()
        {
            Clip = new Clip { Encoder = encoder },
            TextG = wide,
            TextL = narrow,
            Width = 1,
            Height = 2,
            CropWidth = 3,
            CropHeight = 4,
            TargetWidth = 5,
            TargetHeight = 6,
        };

    /// <summary>Gives every prompt a chunk for each word, of one token, whose id is the prompt's length.</summary>
    private sealed class RecordingEncoder(params string[] parts) : ITextEncoder
    {
        public TokenizedPrompt? Encoded { get; private set; }

        public string Name => "recording";

        public TokenizedPrompt Tokenize(string text, Action<string>? warn = null)
        {
            PromptToken[] chunk = [new(text.Length)];
            IReadOnlyList<PromptToken[]> chunks = [.. Enumerable.Repeat(chunk, text.Split(' ').Length)];
            return new(parts.ToDictionary(part => part, _ => chunks));
        }

        public EncodedText Encode(TokenizedPrompt prompt, int? lastLayer, IReadOnlyList<WeightPatch> patches)
        {
            Encoded = prompt;
            return new EncodedText(Tensor.Zeros([1, 1, 8]), Tensor.Zeros([1, 8]));
        }
    }
}
