namespace NodeHost.Graph.Catalogue;

/// <summary>A node class that was left out of the catalogue, and why.</summary>
public sealed record CatalogueProblem(string Node, string Message);
