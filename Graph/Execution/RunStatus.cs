namespace NodeHost.Graph.Execution;

/// <summary>How a run ended.</summary>
public enum RunStatus
{
    Succeeded,
    Failed,
    Interrupted,
}
