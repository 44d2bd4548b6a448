namespace NodeHost.Diffusion.Text.Tokenization;

/// <summary>One position of an encoder's input: a vocabulary id, or one vector of an embedding, with its weight.</summary>
public readonly record struct PromptToken(
    int Id,
    double Weight = 1.0,
    IPromptEmbedding? Embedding = null,
    int EmbeddingRow = 0
)
{
    /// <summary>The id that an embedding's positions carry; no vocabulary has it.</summary>
    public const int EmbeddingId = -1;
}
