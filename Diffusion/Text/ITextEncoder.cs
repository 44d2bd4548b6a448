using NodeHost.Diffusion.Checkpoints;
using NodeHost.Diffusion.Models;

namespace NodeHost.Diffusion.Text;

/// <summary>The text encoders of one model family, working together.</summary>
public interface ITextEncoder
{
    /// <summary>Files the weights come from, for messages and cache keys.</summary>
    string Name { get; }

    /// <summary>The networks that adapters would change, for messages about adapters that fit none.</summary>
    IReadOnlyList<WeightTarget> Targets => [];

    /// <summary>The networks as their files hold them.</summary>
    IReadOnlyList<ModelPart> Parts => [];

    /// <param name="text">A prompt in ComfyUI's syntax.</param>
    /// <param name="warn">Told of each item of the prompt that is left out.</param>
    TokenizedPrompt Tokenize(string text, Action<string>? warn = null);

    /// <param name="prompt">What <see cref="Tokenize"/> gave, or a combination of several.</param>
    /// <param name="lastLayer">The layer the hidden states come from, counted from the end: -1 is the last; null = the family's own choice.</param>
    /// <param name="patches">Adapters merged into the weights, in order.</param>
    EncodedText Encode(TokenizedPrompt prompt, int? lastLayer, IReadOnlyList<WeightPatch> patches);

    /// <summary>The encoder with other lengths of T5's prompts; itself where it has no T5.</summary>
    /// <param name="minPadding">Padding that a prompt gets in any case.</param>
    /// <param name="minLength">Length that it is padded to.</param>
    ITextEncoder WithT5Padding(int minPadding, int minLength) => this;
}
