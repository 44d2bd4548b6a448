using System.Collections.Concurrent;
using NodeHost.Diffusion.Text.Tokenization;

namespace NodeHost.Diffusion.Text;

/// <summary>Tokenizers, each vocabulary read once, when the first prompt needs it.</summary>
internal sealed class PromptTokenizers(TokenizerLocator locator)
{
    private readonly ConcurrentDictionary<string, PromptTokenizer> _clip = new(StringComparer.Ordinal);

    private readonly ConcurrentDictionary<string, PromptTokenizer> _t5 = new(StringComparer.Ordinal);

    /// <summary>CLIP's, for an encoder file: a vocabulary beside the file comes first.</summary>
    public PromptTokenizer Clip(string encoderFile) =>
        _clip.GetOrAdd(
            locator.FindClip(encoderFile),
            folder =>
            {
                var tokenizer = new ClipTokenizer(ClipVocabulary.Load(folder));
                return new PromptTokenizer(tokenizer, ChunkLayout.Clip(tokenizer));
            }
        );

    /// <summary>T5's, for an encoder file.</summary>
    public PromptTokenizer T5(string encoderFile) =>
        _t5.GetOrAdd(locator.FindT5(encoderFile), folder => new(T5Tokenizer.Load(folder), ChunkLayout.T5));
}
