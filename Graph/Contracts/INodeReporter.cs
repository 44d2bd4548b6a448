namespace NodeHost.Graph.Contracts;

/// <summary>Where a running node's progress, texts and warnings go. The executor implements it; tests may too.</summary>
public interface INodeReporter
{
    void Progress(string nodeId, double value, double total, NodePreview? preview);

    /// <summary>A text shown on the node while it runs.</summary>
    void Text(string nodeId, string text);

    void Warn(string nodeId, string message);
}
