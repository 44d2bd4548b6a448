namespace NodeHost.Diffusion.Text.Tokenization;

/// <summary>A textual inversion named in a prompt: takes the place of as many tokens as it has vectors.</summary>
public interface IPromptEmbedding
{
    string Name { get; }

    int VectorCount { get; }
}
