using NodeHost.Diffusion.Models.Store;
using NodeHost.Diffusion.Text.Tokenization;

namespace NodeHost.Golden;

/// <summary>The models beside the golden cases.</summary>
internal static class GoldenModels
{
    public static ModelStore OpenStore(GoldenFolder folder) =>
        new(
            new ModelStoreOptions
            {
                Tokenizers = new TokenizerLocator([folder.Tokenizers]),
                EmbeddingFolders = [Path.Combine(folder.Models, "embeddings")],
            }
        );
}
