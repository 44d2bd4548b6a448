using NodeHost.Diffusion.Conditions;
using NodeHost.Diffusion.Text;
using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Autoencoding;
using NodeHost.Nodes.Text;
using NodeHost.Nodes.Values;
using NodeHost.Tensors;
using NodeHost.Tests.Shared;

namespace NodeHost.Tests.Nodes.Models;

[AssertNoLeakedTensors]
public sealed class TextNodeTests
{
    private static readonly NodeContext Context = new();

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(0, 40, 40)]
    [InlineData(5, 0, 5)]
    [InlineData(300, 40, 300)]
    public void T5TokenizerOptions_Lengths_TakeThePlaceOf256(int padding, int length, int atLeast)
    {
        using var models = new TinyModels();
        var clip = FluxClip(models);
        var bare = Options(clip, 0, 0).Encode("a lighthouse").Cond.Length(1);

        var encoded = Options(clip, padding, length).Encode("a lighthouse");

        Assert.Equal(256, clip.Encode("a lighthouse").Cond.Length(1));
        Assert.InRange(bare, 3, 30);
        Assert.Equal(Math.Max(length, bare + padding), encoded.Cond.Length(1));
        Assert.True(encoded.Cond.Length(1) >= atLeast);
    }

    [Fact]
    public void T5TokenizerOptions_EncoderWithoutT5_StaysAsItIs()
    {
        using var models = new TinyModels();
        var clip = models.Store.LoadCheckpoint(Repository.Model("checkpoints/nodehost-tiny-sd15.safetensors")).Clip!;

        Assert.Same(clip.Encoder, Options(clip, 5, 5).Encoder);
    }

    [Fact]
    public void ClipTextEncodeControlnet_Text_IsKeptBesideThePrompt()
    {
        using var models = new TinyModels();
        var clip = models.Store.LoadCheckpoint(Repository.Model("checkpoints/nodehost-tiny-sd15.safetensors")).Clip!;
        var prompt = clip.Condition(clip.Tokenize("a lighthouse"));

        var result = new ClipTextEncodeControlnet
        {
            Clip = clip,
            Conditioning = prompt,
            Text = "a tower",
        }.Execute(Context);

        var entry = Assert.Single(result.Entries);
        Assert.Same(prompt.Entries[0].Context, entry.Context);
        Assert.True(clip.Encode("a tower").Cond.IsEqualTo(entry.ControlNetContext!));
        Assert.Contains(entry.ControlNetPooled, result.HeldTensors);
    }

    [Fact]
    public void InstructPixToPixConditioning_Picture_GoesBesideThePrompts()
    {
        using var models = new TinyModels();
        var vae = models.Store.LoadCheckpoint(Repository.Model("checkpoints/nodehost-tiny-sd15.safetensors")).Vae!;
        Conditioning Prompt() => new([new ConditioningEntry { Context = Tensor.Zeros([1, 2, 16]) }]);

        var (positive, negative, latent) = new InstructPixToPixConditioning
        {
            Positive = Prompt(),
            Negative = Prompt(),
            Vae = vae,
            Pixels = new Image(Tensor.Full([1, 67, 50, 3], 0.25)),
        }.Execute(Context);

        Assert.Equal([1, 4, 8, 6], latent.Samples.Shape.ToArray());
        Assert.False(latent.Samples.Any());
        Assert.True(positive.Entries[0].ConcatLatentImage!.IsEqualTo(vae.Encode(Tensor.Full([1, 64, 48, 3], 0.25))));
        Assert.Same(positive.Entries[0].ConcatLatentImage, negative.Entries[0].ConcatLatentImage);
    }

    private static Clip Options(Clip clip, int padding, int length) =>
        new T5TokenizerOptions
        {
            Clip = clip,
            MinPadding = padding,
            MinLength = length,
        }.Execute(Context);

    private static Clip FluxClip(TinyModels models) =>
        models.Store.LoadClip(
            Repository.Model("text_encoders/nodehost-tiny-clip_l.safetensors"),
            Repository.Model("text_encoders/nodehost-tiny-t5xxl.safetensors")
        );
}
