using NodeHost.Diffusion.Models;

namespace NodeHost.Diffusion.Text;

/// <summary>The value of a CLIP socket: a handle, cheap to clone with <c>with</c>. It owns no weights.</summary>
public sealed record Clip
{
    public required ITextEncoder Encoder { get; init; }

    /// <summary>The layer the hidden states come from, counted from the end (CLIPSetLastLayer); null = the family's own choice.</summary>
    public int? LastLayer { get; init; }

    /// <summary>Adapters merged into the weights, in order.</summary>
    public IReadOnlyList<WeightPatch> Patches { get; init; } = [];

    public TokenizedPrompt Tokenize(string text, Action<string>? warn = null) => Encoder.Tokenize(text, warn);

    public EncodedText Encode(string text, Action<string>? warn = null) => Encode(Tokenize(text, warn));

    public EncodedText Encode(TokenizedPrompt prompt) => Encoder.Encode(prompt, LastLayer, Patches);
}
