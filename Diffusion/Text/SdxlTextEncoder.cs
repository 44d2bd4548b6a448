using NodeHost.Diffusion.Checkpoints;
using NodeHost.Diffusion.Models;
using NodeHost.Diffusion.Networks.Clip;
using NodeHost.Diffusion.Text.Tokenization;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.Text;

/// <summary>
/// The text encoders of SDXL: hidden states of CLIP-L and CLIP-G side by side, from the last layer but one and not normalised,
/// and the pooled vector of CLIP-G. The refiner has CLIP-G alone.
/// </summary>
/// <param name="clipL">CLIP-L; null in the refiner.</param>
/// <param name="clipG">OpenCLIP bigG.</param>
/// <remarks>"SDXL: Improving Latent Diffusion Models for High-Resolution Image Synthesis", Podell et al. 2023, section 2.1.</remarks>
public sealed class SdxlTextEncoder(SdxlTextEncoder.Part? clipL, SdxlTextEncoder.Part clipG) : ITextEncoder
{
    /// <summary>The key of CLIP-L's tokens.</summary>
    public const string L = "l";

    /// <summary>The key of CLIP-G's tokens.</summary>
    public const string G = "g";

    private const int LastLayerButOne = -2;

    public string Name => clipL is null ? clipG.Source.Name : $"{clipL.Source.Name} + {clipG.Source.Name}";

    public IReadOnlyList<WeightTarget> Targets => [.. clipL?.Source.Targets ?? [], .. clipG.Source.Targets];

    public IReadOnlyList<ModelPart> Parts => [.. clipL?.Source.Parts ?? [], .. clipG.Source.Parts];

    public TokenizedPrompt Tokenize(string text, Action<string>? warn = null)
    {
        var chunks = new Dictionary<string, IReadOnlyList<PromptToken[]>>();
        if (clipL is not null)
        {
            chunks[L] = clipL.Tokenize(text, warn);
        }
        chunks[G] = clipG.Tokenize(text, warn);
        return new(chunks);
    }

    public EncodedText Encode(TokenizedPrompt prompt, int? lastLayer, IReadOnlyList<WeightPatch> patches)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        var layer = lastLayer ?? LastLayerButOne;
        using var scope = new TensorScope();
        var (wide, pooled) = clipG.Encode(prompt.Chunks[G], layer, patches);
        if (clipL is null)
        {
            return new(scope.Keep(wide), scope.Keep(pooled!));
        }
        var narrow = clipL.Encode(prompt.Chunks[L], layer, patches).Cond;
        // Textual inversions of the two encoders may differ in length.
        var tokens = Math.Min(narrow.Length(1), wide.Length(1));
        var joined = Tensor.Concat([narrow.Slice(1, 0, tokens), wide.Slice(1, 0, tokens)], -1);
        return new(scope.Keep(joined), scope.Keep(pooled!));
    }

    /// <summary>One of the encoders.</summary>
    /// <param name="Source">Where its weights come from.</param>
    /// <param name="Tokenizer">Asked when the first prompt comes: a missing vocabulary is no error before.</param>
    /// <param name="Embeddings">Where <c>embedding:name</c> is looked up.</param>
    public sealed record Part(
        IModelSource<ClipTextModel> Source,
        Func<PromptTokenizer> Tokenizer,
        IPromptEmbeddings Embeddings
    )
    {
        internal IReadOnlyList<PromptToken[]> Tokenize(string text, Action<string>? warn) =>
            Tokenizer().Tokenize(text, Embeddings, warn);

        internal EncodedText Encode(
            IReadOnlyList<PromptToken[]> chunks,
            int layer,
            IReadOnlyList<WeightPatch> patches
        ) => new ClipEncoder(Source, Tokenizer(), isNormalised: false).Encode(chunks, layer, patches);
    }
}
