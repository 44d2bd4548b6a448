using NodeHost.Diffusion.Text.Tokenization;

namespace NodeHost.Diffusion.Models.Store;

/// <summary>What a model store is set up with.</summary>
public sealed record ModelStoreOptions
{
    private const double MemoryShare = 0.6;

    /// <summary>Where vocabularies are looked for.</summary>
    public required TokenizerLocator Tokenizers { get; init; }

    /// <summary>Folders with textual inversions.</summary>
    public IReadOnlyList<string> EmbeddingFolders { get; init; } = [];

    /// <summary>Is told of every forward pass of the store's models.</summary>
    public IForwardObserver? Observer { get; init; }

    /// <summary>
    /// Bytes of weights that may be in memory at once. A network that is larger keeps what fits and reads the rest, block by
    /// block, each time it runs.
    /// </summary>
    public long BudgetBytes { get; init; } = (long)(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes * MemoryShare);
}
