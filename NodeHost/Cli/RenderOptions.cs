using NodeHost.Tensors;

namespace NodeHost.Cli;

/// <summary>What <c>render</c> was asked to do.</summary>
/// <param name="Workflow">The workflow file, in API format.</param>
/// <param name="Overrides">Texts of the form <c>NODE.INPUT=VALUE</c>.</param>
/// <param name="Folders">Where models, inputs and outputs are.</param>
internal sealed record RenderOptions(string Workflow, IReadOnlyList<string> Overrides, FolderOptions Folders)
{
    /// <summary>Where networks compute; null for the first GPU, or the CPU where there is none.</summary>
    public Device? Device { get; init; }

    /// <summary>Bytes of weights that may be in memory at once; null leaves it to the machine's memory.</summary>
    public long? MemoryBudget { get; init; }

    /// <summary>Also say in words where the files are.</summary>
    public bool SaysWhere { get; init; }
}
