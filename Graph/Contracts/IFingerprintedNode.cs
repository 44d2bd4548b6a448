namespace NodeHost.Graph.Contracts;

/// <summary>A node whose result can change although its inputs did not (ComfyUI's <c>IS_CHANGED</c>).</summary>
public interface IFingerprintedNode
{
    /// <summary>
    /// A value that differs when the node has to run again: text, a number, or <see cref="double.NaN"/> for "always".
    /// Called before anything runs, so linked inputs are null whatever their type says.
    /// </summary>
    object? Fingerprint(NodeContext context);
}
