namespace NodeHost.Diffusion.Text.Tokenization;

/// <summary>Turns plain text into vocabulary ids, without start, end or padding tokens.</summary>
public interface ITokenizer
{
    /// <summary>The token that opens a chunk, or null when the encoder has none (T5).</summary>
    int? StartToken { get; }

    /// <summary>The token that closes a chunk.</summary>
    int EndToken { get; }

    /// <summary>How many rows the encoder's token embedding must have at least: the highest id plus one.</summary>
    int VocabularySize { get; }

    void Encode(string text, List<int> ids);
}
