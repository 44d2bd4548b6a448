using NodeHost.Diffusion.Checkpoints;
using NodeHost.Diffusion.Models;
using NodeHost.Diffusion.Networks.Clip;
using NodeHost.Diffusion.Text.Tokenization;

namespace NodeHost.Diffusion.Text;

/// <summary>The text encoder of Stable Diffusion 2: OpenCLIP's ViT-H, normalised behind its last layer but one.</summary>
/// <param name="clip">Where its weights come from.</param>
/// <param name="tokenizer">Asked when the first prompt comes: a missing vocabulary is no error before.</param>
/// <param name="embeddings">Where <c>embedding:name</c> is looked up.</param>
public sealed class Sd2TextEncoder(
    IModelSource<ClipTextModel> clip,
    Func<PromptTokenizer> tokenizer,
    IPromptEmbeddings embeddings
) : ITextEncoder
{
    private const string Part = "h";
    private const int LastLayerButOne = -2;

    public string Name => clip.Name;

    public IReadOnlyList<WeightTarget> Targets => clip.Targets;

    public IReadOnlyList<ModelPart> Parts => clip.Parts;

    public TokenizedPrompt Tokenize(string text, Action<string>? warn = null) =>
        new(
            new Dictionary<string, IReadOnlyList<PromptToken[]>>
            {
                [Part] = tokenizer().Tokenize(text, embeddings, warn),
            }
        );

    public EncodedText Encode(TokenizedPrompt prompt, int? lastLayer, IReadOnlyList<WeightPatch> patches)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        var encoder = new ClipEncoder(clip, tokenizer());
        return encoder.Encode(prompt.Chunks[Part], lastLayer ?? LastLayerButOne, patches);
    }
}
