using System.Collections.Concurrent;
using NodeHost.Diffusion.Text.Tokenization;

namespace NodeHost.Diffusion.Text;

/// <summary>Tokenizers, each vocabulary read once, when the first prompt needs it.</summary>
internal sealed class PromptTokenizers(TokenizerLocator locator)
{
    /// <summary>Encoders may have a few more rows than their vocabulary has tokens (T5: 28), to make a round number.</summary>
    private const long SpareRows = 128;

    private readonly ConcurrentDictionary<string, PromptTokenizer> _clip = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, PromptTokenizer> _t5 = new(StringComparer.Ordinal);

    /// <summary>CLIP's, for an encoder file: a vocabulary beside the file comes first, and its size must be the encoder's.</summary>
    public PromptTokenizer Clip(string encoderFile, long tokenCount) =>
        LoadClip(locator.FindClip(encoderFile, folder => Fits(LoadClip(folder), tokenCount)));

    /// <summary>The same vocabulary for OpenCLIP's encoders, which pad with 0.</summary>
    public PromptTokenizer OpenClip(string encoderFile, long tokenCount)
    {
        var words = Clip(encoderFile, tokenCount);
        return new PromptTokenizer(words.Tokenizer, words.Layout with { PadToken = 0 });
    }

    /// <summary>T5's, for an encoder file.</summary>
    public PromptTokenizer T5(string encoderFile, long tokenCount) =>
        LoadT5(locator.FindT5(encoderFile, folder => Fits(LoadT5(folder), tokenCount)));

    private static bool Fits(PromptTokenizer tokenizer, long tokenCount)
    {
        var spare = tokenCount - tokenizer.Tokenizer.VocabularySize;
        return spare is >= 0 and < SpareRows;
    }

    private PromptTokenizer LoadClip(string folder) =>
        _clip.GetOrAdd(
            folder,
            path =>
            {
                var tokenizer = new ClipTokenizer(ClipVocabulary.Load(path));
                return new PromptTokenizer(tokenizer, ChunkLayout.Clip(tokenizer));
            }
        );

    private PromptTokenizer LoadT5(string folder) =>
        _t5.GetOrAdd(folder, path => new(T5Tokenizer.Load(path), ChunkLayout.T5));
}
