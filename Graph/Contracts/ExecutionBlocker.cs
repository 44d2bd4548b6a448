namespace NodeHost.Graph.Contracts;

/// <summary>An output that stops its consumers from running. A message is shown to the user; none means silence.</summary>
public sealed record ExecutionBlocker(string? Message = null);
