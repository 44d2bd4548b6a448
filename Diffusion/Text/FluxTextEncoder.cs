using NodeHost.Diffusion.Checkpoints;
using NodeHost.Diffusion.Models;
using NodeHost.Diffusion.Networks.Clip;
using NodeHost.Diffusion.Networks.T5;
using NodeHost.Diffusion.Text.Tokenization;

namespace NodeHost.Diffusion.Text;

/// <summary>The text encoders of Flux: T5's hidden states, and the pooled vector of CLIP-L.</summary>
/// <param name="clip">Where CLIP-L's weights come from.</param>
/// <param name="t5">Where T5's weights come from.</param>
/// <param name="clipTokenizer">Asked when the first prompt comes: a missing vocabulary is no error before.</param>
/// <param name="t5Tokenizer">As <paramref name="clipTokenizer"/>.</param>
/// <param name="clipEmbeddings">Where CLIP-L looks <c>embedding:name</c> up.</param>
/// <param name="t5Embeddings">Where T5 does.</param>
public sealed class FluxTextEncoder(
    IModelSource<ClipTextModel> clip,
    IModelSource<T5Model> t5,
    Func<PromptTokenizer> clipTokenizer,
    Func<PromptTokenizer> t5Tokenizer,
    IPromptEmbeddings clipEmbeddings,
    IPromptEmbeddings t5Embeddings
) : ITextEncoder
{
    private const string ClipPart = "l";
    private const string T5Part = "t5xxl";

    private ChunkLayout? _t5Layout;

    public string Name => $"{clip.Name} + {t5.Name}";

    public IReadOnlyList<WeightTarget> Targets => [.. clip.Targets, .. t5.Targets];

    public IReadOnlyList<ModelPart> Parts => [.. clip.Parts, .. t5.Parts];

    public TokenizedPrompt Tokenize(string text, Action<string>? warn = null) =>
        new(
            new Dictionary<string, IReadOnlyList<PromptToken[]>>
            {
                [ClipPart] = clipTokenizer().Tokenize(text, clipEmbeddings, warn),
                [T5Part] = t5Tokenizer().Tokenize(text, t5Embeddings, warn, _t5Layout),
            }
        );

    public ITextEncoder WithT5Padding(int minPadding, int minLength) =>
        new FluxTextEncoder(clip, t5, clipTokenizer, t5Tokenizer, clipEmbeddings, t5Embeddings)
        {
            _t5Layout = ChunkLayout.T5 with { MinPadding = minPadding, MinLength = minLength },
        };

    public EncodedText Encode(TokenizedPrompt prompt, int? lastLayer, IReadOnlyList<WeightPatch> patches)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        var sequence = new T5Encoder(t5, t5Tokenizer().Layout, t5Tokenizer().Tokenizer.EndToken).Encode(
            prompt.Chunks[T5Part],
            lastLayer,
            patches
        );
        var encoder = new ClipEncoder(clip, clipTokenizer(), isProjected: false);
        var encoded = encoder.Encode(prompt.Chunks[ClipPart], lastLayer, patches);
        encoded.Cond.Dispose();
        return encoded with { Cond = sequence };
    }
}
