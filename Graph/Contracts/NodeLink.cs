namespace NodeHost.Graph.Contracts;

/// <summary>One end of a connection: output <paramref name="Slot"/> of node <paramref name="NodeId"/>.</summary>
public sealed record NodeLink(string NodeId, int Slot)
{
    public override string ToString() => $"#{NodeId} output {Slot}";
}
