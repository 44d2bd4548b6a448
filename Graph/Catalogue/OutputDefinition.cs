namespace NodeHost.Graph.Catalogue;

/// <summary>One output slot of a node.</summary>
public sealed record OutputDefinition(string Name, string Type, bool IsList);
