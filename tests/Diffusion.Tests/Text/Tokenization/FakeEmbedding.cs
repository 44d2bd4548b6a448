using NodeHost.Diffusion.Text.Tokenization;

namespace NodeHost.Tests.Diffusion.Text.Tokenization;

internal sealed record FakeEmbedding(string Name, int VectorCount) : IPromptEmbedding;
