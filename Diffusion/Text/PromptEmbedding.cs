using NodeHost.Diffusion.Text.Tokenization;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.Text;

/// <summary>A textual inversion: learned vectors that stand in a prompt where words would.</summary>
/// <remarks>"An Image is Worth One Word", Gal et al. 2022.</remarks>
internal sealed record PromptEmbedding(string Name, Tensor Vectors) : IPromptEmbedding
{
    public int VectorCount => (int)Vectors.Length(0);
}
