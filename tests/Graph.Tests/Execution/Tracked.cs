namespace NodeHost.Graph.Tests.Execution;

/// <summary>A value that would own memory outside .NET.</summary>
public sealed record Tracked(int Number);
