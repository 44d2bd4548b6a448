namespace NodeHost.Graph.Workflows.Canvas;

/// <summary>A node of a class that is not known here: its id in API format, the class it asks for, its title if it has one.</summary>
public sealed record UnknownCanvasNode(string Id, string ClassType, string? Title);
