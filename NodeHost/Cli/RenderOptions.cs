namespace NodeHost.Cli;

/// <summary>What <c>render</c> was asked to do.</summary>
/// <param name="Workflow">The workflow file, in API format.</param>
/// <param name="Overrides">Texts of the form <c>NODE.INPUT=VALUE</c>.</param>
/// <param name="Folders">Where models, inputs and outputs are.</param>
internal sealed record RenderOptions(string Workflow, IReadOnlyList<string> Overrides, FolderOptions Folders)
{
    /// <summary>Bytes of weights that may be in memory at once; null leaves it to the machine's memory.</summary>
    public long? MemoryBudget { get; init; }

    /// <summary>Also say in words where the files are.</summary>
    public bool SaysWhere { get; init; }
}
