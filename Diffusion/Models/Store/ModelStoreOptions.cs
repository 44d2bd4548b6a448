using NodeHost.Diffusion.Text.Tokenization;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.Models.Store;

/// <summary>What a model store is set up with.</summary>
public sealed record ModelStoreOptions
{
    /// <summary>Where vocabularies are looked for.</summary>
    public required TokenizerLocator Tokenizers { get; init; }

    /// <summary>Folders with textual inversions.</summary>
    public IReadOnlyList<string> EmbeddingFolders { get; init; } = [];

    /// <summary>Is told of every forward pass of the store's models.</summary>
    public IForwardObserver? Observer { get; init; }

    /// <summary>Where networks compute; null for the first GPU, or the CPU where there is none.</summary>
    public Device? Device { get; init; }

    /// <summary>The type networks compute in where they can; null leaves it to the device (float32 on a CPU).</summary>
    public DType? ComputeType { get; init; }

    /// <summary>
    /// Bytes of weights that may be on the device at once; null leaves it to its memory. A network that is larger keeps what
    /// fits and reads the rest, block by block, each time it runs.
    /// </summary>
    public long? BudgetBytes { get; init; }
}
