using NodeHost.Diffusion.Models.Store;
using NodeHost.Diffusion.Text.Tokenization;
using NodeHost.Tensors;
using NodeHost.Tests.Shared;

namespace NodeHost.Tests.Diffusion.Models;

/// <summary>A model store over the golden folders.</summary>
internal static class GoldenStore
{
    public static ModelStore Open() =>
        new(
            new ModelStoreOptions
            {
                Tokenizers = new TokenizerLocator([Golden.PathOf("tokenizers")]),
                Device = Device.Cpu,
                EmbeddingFolders = [Golden.PathOf("models/embeddings")],
            }
        );

    public static string Checkpoint(string name) => Golden.PathOf($"models/checkpoints/{name}.safetensors");
}
