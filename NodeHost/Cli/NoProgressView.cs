namespace NodeHost.Cli;

/// <summary>Shows nothing: stderr is no terminal.</summary>
internal sealed class NoProgressView : IProgressView
{
    public void Started(string nodeId) { }

    public void Stepped(double value, double total) { }

    public void Finished(int nodeCount) { }
}
