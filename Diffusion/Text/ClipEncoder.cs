using NodeHost.Diffusion.Models;
using NodeHost.Diffusion.Networks.Clip;
using NodeHost.Diffusion.Text.Tokenization;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.Text;

/// <summary>
/// Runs a CLIP text model over the chunks of a prompt. A token's weight moves its vector away from (or towards) the one
/// that the empty prompt has in its place.
/// </summary>
/// <param name="source">Where the model comes from.</param>
/// <param name="tokenizer">What cut the prompt.</param>
/// <param name="isNormalised">Whether hidden states from an earlier layer pass the final norm (not in SDXL).</param>
/// <param name="isProjected">Whether the pooled vector passes the projection, where the file has one (not in Flux).</param>
internal sealed class ClipEncoder(
    IModelSource<ClipTextModel> source,
    PromptTokenizer tokenizer,
    bool isNormalised = true,
    bool isProjected = true
)
{
    private readonly int _end = tokenizer.Tokenizer.EndToken;
    private readonly int _start = tokenizer.Tokenizer.StartToken ?? tokenizer.Tokenizer.EndToken;

    /// <summary>
    /// The chunks' hidden states joined [1, tokens, C], and the pooled vector of the first chunk [1, C]; in host memory,
    /// wherever the encoder is.
    /// </summary>
    public EncodedText Encode(IReadOnlyList<PromptToken[]> chunks, int? lastLayer, IReadOnlyList<WeightPatch> patches)
    {
        var model = source.Load(patches);
        using var scope = new TensorScope();
        var isWeighted = TokenVectors.AreWeighted(chunks);
        PromptToken[][] batch = isWeighted ? [.. chunks, EmptyChunk(chunks[0].Length)] : [.. chunks];
        var embeddings = Tensor.Stack([.. batch.Select(chunk => TokenVectors.Embed(chunk, model.Embed))], 0);
        var (hidden, pooled) = model.Forward(
            embeddings,
            [.. batch.Select(FirstEnd)],
            TokenVectors.HiddenLayers(lastLayer, model.Config.Layers),
            isNormalised,
            isProjected
        );

        var parts = new List<Tensor>();
        for (var index = 0; index < chunks.Count; index++)
        {
            var part = hidden.Slice(0, index, index + 1);
            parts.Add(isWeighted ? TokenVectors.Weigh(part, hidden.Slice(0, chunks.Count), chunks[index]) : part);
        }
        return new EncodedText(
            scope.Keep(Tensor.Concat([.. parts], 1).To(Device.Cpu)),
            scope.Keep(pooled.Slice(0, 0, 1).Contiguous().To(Device.Cpu))
        );
    }

    private PromptToken[] EmptyChunk(int length)
    {
        var chunk = new PromptToken[length];
        Array.Fill(chunk, new PromptToken(tokenizer.Layout.PadToken));
        chunk[0] = new PromptToken(_start);
        chunk[1] = new PromptToken(_end);
        return chunk;
    }

    private int FirstEnd(PromptToken[] chunk)
    {
        var position = Array.FindIndex(chunk, token => token.Id == _end);
        return position >= 0 ? position : chunk.Length - 1;
    }
}
