namespace NodeHost.Nodes.Values;

/// <summary>The value of an SVG socket: drawings as their files' text.</summary>
public sealed record Svg(IReadOnlyList<string> Documents);
