namespace NodeHost.Cli;

/// <summary>Folders given on the command line; null means the default beside the current folder.</summary>
internal sealed record FolderOptions
{
    public string? Models { get; init; }

    public string? Input { get; init; }

    public string? Output { get; init; }

    /// <summary>An existing ComfyUI, whose models, inputs and tokenizers are searched too.</summary>
    public string? ComfyUi { get; init; }

    /// <summary>The tiny models that ship with NodeHost are among the others.</summary>
    public bool UsesBundledModels { get; init; } = true;
}
