namespace NodeHost.Diffusion.Text.Tokenization;

/// <summary>How an encoder wants its tokens cut and padded.</summary>
/// <param name="PadToken">The id that fills a chunk behind its end token.</param>
/// <param name="ChunkLength">Positions per chunk, start and end tokens included; null = one chunk of any length.</param>
/// <param name="MinLength">The least length of the last chunk.</param>
/// <param name="MinPadding">Padding that the last chunk gets in any case.</param>
public sealed record ChunkLayout(int PadToken, int? ChunkLength = null, int MinLength = 0, int MinPadding = 0)
{
    /// <summary>CLIP-L: chunks of 77 padded with the end token (CLIP-G: <c>with { PadToken = 0 }</c>).</summary>
    public static ChunkLayout Clip(ITokenizer tokenizer)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        return new(tokenizer.EndToken, ChunkLength: 77);
    }

    /// <summary>T5 as Flux uses it: one chunk of at least 256, padded with 0.</summary>
    public static ChunkLayout T5 { get; } = new(0, MinLength: 256);
}
