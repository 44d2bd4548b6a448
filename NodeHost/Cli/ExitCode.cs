namespace NodeHost.Cli;

/// <summary>How the program ends, for scripts.</summary>
internal static class ExitCode
{
    public const int Done = 0;

    /// <summary>The workflow was sound and its run failed, or was interrupted.</summary>
    public const int Failed = 1;

    /// <summary>Bad usage, or a workflow that cannot be run.</summary>
    public const int BadUsage = 2;
}
