namespace NodeHost.Cli;

/// <summary>Shows how far a run is.</summary>
internal interface IProgressView
{
    void Started(string nodeId);

    void Stepped(double value, double total);

    /// <summary>Number of nodes that are done by now.</summary>
    void Finished(int nodeCount);
}
