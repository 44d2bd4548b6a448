namespace NodeHost.Graph.Contracts;

/// <summary>A node that evaluates its <c>Lazy</c> inputs only when it needs them.</summary>
public interface ILazyNode
{
    /// <summary>
    /// Names (wire or property) of inputs that are needed and not there yet; asked again until nothing is missing.
    /// Unavailable inputs are null. Naming an available one is harmless.
    /// </summary>
    IEnumerable<string> NeededInputs(NodeContext context);
}
