namespace NodeHost.Graph.Contracts;

/// <summary>A file that a node wrote, as clients fetch it: <paramref name="Type"/> is <c>output</c>, <c>temp</c> or <c>input</c>.</summary>
public sealed record UiFile(string Filename, string Subfolder, string Type);
