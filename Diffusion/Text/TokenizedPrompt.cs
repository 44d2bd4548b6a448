using NodeHost.Diffusion.Text.Tokenization;

namespace NodeHost.Diffusion.Text;

/// <summary>A prompt as each encoder of a family takes it: chunks of weighted tokens by the encoder's name.</summary>
/// <param name="Chunks">Keys as ComfyUI's: <c>l</c>, <c>g</c>, <c>t5xxl</c>.</param>
public sealed record TokenizedPrompt(IReadOnlyDictionary<string, IReadOnlyList<PromptToken[]>> Chunks);
