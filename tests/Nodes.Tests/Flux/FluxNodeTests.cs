using NodeHost.Diffusion.Conditions;
using NodeHost.Diffusion.Models;
using NodeHost.Diffusion.Text;
using NodeHost.Diffusion.Text.Tokenization;
using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Flux;
using NodeHost.Nodes.Values;
using NodeHost.Tensors;

namespace NodeHost.Tests.Nodes.Flux;

[AssertNoLeakedTensors]
public sealed class FluxNodeTests
{
    private static readonly NodeContext Context = new();

    [Fact]
    public void FluxGuidance_AfterDisabling_SetsGuidanceOnEveryEntry()
    {
        using var scope = new TensorScope();
        var disabled = new FluxDisableGuidance { Conditioning = Encoded(2) }.Execute(Context);

        var guided = new FluxGuidance { Conditioning = disabled, Guidance = 2.5 }.Execute(Context);

        Assert.All(disabled.Entries, entry => Assert.True(entry.WithholdsGuidance && entry.Guidance is null));
        Assert.All(guided.Entries, entry => Assert.True(!entry.WithholdsGuidance && entry.Guidance == 2.5));
        Assert.Equal(2, guided.Entries.Count);
    }

    [Fact]
    public void ReferenceLatent_Chained_KeepsTheOrder()
    {
        using var scope = new TensorScope();
        var (first, second) = (new Latent(Tensor.Zeros([1, 16, 4, 4])), new Latent(Tensor.Zeros([1, 16, 2, 2])));

        var one = new ReferenceLatent { Conditioning = Encoded(1), Latent = first }.Execute(Context);
        var two = new ReferenceLatent { Conditioning = one, Latent = second }.Execute(Context);
        var same = new ReferenceLatent { Conditioning = two }.Execute(Context);

        Assert.Equal([first.Samples, second.Samples], two.Entries[0].ReferenceLatents);
        Assert.Same(two, same);
    }

    [Theory]
    [InlineData("offset", "offset")]
    [InlineData("index", "index")]
    [InlineData("uxo/uno", "uxo")]
    public void ReferenceMethod_AnyChoice_IsTheNetworksName(string choice, string method)
    {
        using var scope = new TensorScope();
        var node = new FluxKontextMultiReferenceLatentMethod
        {
            Conditioning = Encoded(1),
            ReferenceLatentsMethod = choice,
        };

        Assert.Equal(method, node.Execute(Context).Entries[0].ReferenceMethod);
    }

    [Theory]
    [InlineData(50, 50, 1024, 1024)]
    [InlineData(160, 90, 1392, 752)]
    [InlineData(10, 400, 672, 1568)]
    public void FluxKontextImageScale_AnyPicture_GetsTheSizeOfNearestProportions(
        int width,
        int height,
        long newWidth,
        long newHeight
    )
    {
        using var scope = new TensorScope();
        var node = new FluxKontextImageScale { Image = new Image(Tensor.Ones([1, height, width, 3])) };

        var scaled = node.Execute(Context);

        Assert.Equal((newWidth, newHeight), (scaled.Width, scaled.Height));
    }

    [Fact]
    public void ClipTextEncodeFlux_TwoPrompts_GoToTheirEncoders()
    {
        using var scope = new TensorScope();
        var encoder = new RecordingEncoder("l", "t5xxl");
        var node = Node(encoder);

        var entry = node.Execute(Context).Entries.Single();

        Assert.Equal(7, encoder.Encoded!.Chunks["l"][0][0].Id);
        Assert.Equal(11, encoder.Encoded.Chunks["t5xxl"][0][0].Id);
        Assert.Equal(4.5, entry.Guidance);
    }

    [Fact]
    public void ClipTextEncodeFlux_EncoderWithoutT5_SaysWhatToLoad()
    {
        var error = Assert.Throws<ArgumentException>(() => Node(new RecordingEncoder("l")).Execute(Context));

        Assert.Contains("DualCLIPLoader", error.Message);
    }

    private static ClipTextEncodeFlux Node(RecordingEncoder encoder) =>
        new()
        {
            Clip = new Clip { Encoder = encoder },
            ClipL = "1234567",
            T5xxl = "12345678901",
            Guidance = 4.5,
        };

    private static Conditioning Encoded(int count) =>
        new([.. Enumerable.Range(0, count).Select(_ => new ConditioningEntry { Context = Tensor.Zeros([1, 3, 8]) })]);

    /// <summary>Gives every prompt one token, whose id is the prompt's length.</summary>
    private sealed class RecordingEncoder(params string[] parts) : ITextEncoder
    {
        public TokenizedPrompt? Encoded { get; private set; }

        public string Name => "recording";

        public TokenizedPrompt Tokenize(string text, Action<string>? warn = null) =>
            new(
                parts.ToDictionary(
                    part => part,
                    _ =>
                        (IReadOnlyList<PromptToken[]>)
                            [
                                [new PromptToken(text.Length)],
                            ]
                )
            );

        public EncodedText Encode(TokenizedPrompt prompt, int? lastLayer, IReadOnlyList<WeightPatch> patches)
        {
            Encoded = prompt;
            return new EncodedText(Tensor.Zeros([1, 1, 8]), Tensor.Zeros([1, 8]));
        }
    }
}
