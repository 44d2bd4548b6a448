using NodeHost.Tensors;

namespace NodeHost.Diffusion.Text;

/// <summary>A prompt after the text encoder.</summary>
/// <param name="Cond">[1, tokens, C]</param>
/// <param name="Pooled">[1, C], where the family has one.</param>
public sealed record EncodedText(Tensor Cond, Tensor? Pooled);
