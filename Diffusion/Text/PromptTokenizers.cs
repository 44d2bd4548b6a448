using System.Collections.Concurrent;
using NodeHost.Diffusion.Text.Tokenization;

namespace NodeHost.Diffusion.Text;

/// <summary>Tokenizers, each vocabulary read once, when the first prompt needs it.</summary>
internal sealed class PromptTokenizers(TokenizerLocator locator)
{
    private readonly ConcurrentDictionary<string, PromptTokenizer> _clip = new(StringComparer.Ordinal);

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
}
