using NodeHost.Diffusion.Models.Store;
using NodeHost.Diffusion.Text.Tokenization;

namespace NodeHost.Golden;

/// <summary>The models beside the golden cases.</summary>
internal static class GoldenModels
{
    /// <summary>Bytes that models may take (<c>NODEHOST_GOLDEN_BUDGET</c>): the cases hold with any.</summary>
    public static long? MemoryBudget { get; } =
        long.TryParse(Environment.GetEnvironmentVariable("NODEHOST_GOLDEN_BUDGET"), out var bytes) ? bytes : null;

    public static ModelStore OpenStore(GoldenFolder folder)
    {
        var options = new ModelStoreOptions
        {
            Tokenizers = new TokenizerLocator([folder.Tokenizers]),
            EmbeddingFolders = [Path.Combine(folder.Models, "embeddings")],
        };
        return new(MemoryBudget is { } bytes ? options with { BudgetBytes = bytes } : options);
    }
}
