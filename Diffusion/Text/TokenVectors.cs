using NodeHost.Diffusion.Text.Tokenization;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.Text;

/// <summary>What text encoders do alike with a chunk of tokens: embed it, and weigh the vectors that come out.</summary>
internal static class TokenVectors
{
    /// <summary>Whether any token counts for more or less than one.</summary>
    public static bool AreWeighted(IReadOnlyList<PromptToken[]> chunks) =>
        chunks.Any(chunk => chunk.Any(token => token.Weight != 1));

    /// <summary>Embeddings of the tokens [tokens, C]; textual inversions are put in their places.</summary>
    /// <param name="chunk">The tokens.</param>
    /// <param name="embed">The encoder's embedding of ids [tokens].</param>
    public static Tensor Embed(PromptToken[] chunk, Func<Tensor, Tensor> embed)
    {
        var ids = Tensor.From([.. chunk.Select(token => token.Embedding is null ? (long)token.Id : 0)], chunk.Length);
        var embedded = embed(ids);
        for (var position = 0; position < chunk.Length; position++)
        {
            if (chunk[position].Embedding is PromptEmbedding embedding)
            {
                var row = embedding.Vectors.Select(0, chunk[position].EmbeddingRow);
                embedded.Select(0, position).Assign(row);
            }
        }
        return embedded;
    }

    /// <summary>Moves vectors [1, tokens, C] away from (or towards) those that the empty prompt has in their places.</summary>
    public static Tensor Weigh(Tensor hidden, Tensor empty, PromptToken[] chunk)
    {
        var weights = Tensor
            .From([.. chunk.Select(token => (float)token.Weight)], 1, chunk.Length, 1)
            .To(hidden.Device);
        return weights.EqualTo(1).Where(hidden, (hidden - empty) * weights + empty);
    }

    /// <summary>How many layers hidden states pass; null for all of them.</summary>
    /// <param name="lastLayer">Counted from the end: -1 is the last.</param>
    /// <param name="layers">Layers the encoder has.</param>
    public static int? HiddenLayers(int? lastLayer, int layers) =>
        // Deeper than the model is deep: ComfyUI takes the last layer then.
        lastLayer is { } index
        && -index <= layers
            ? layers + index + 1
            : null;
}
