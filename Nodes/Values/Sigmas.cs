namespace NodeHost.Nodes.Values;

/// <summary>The value of a SIGMAS socket: the noise levels of a run, from the first to the last.</summary>
public sealed record Sigmas(IReadOnlyList<float> Values)
{
    public int Count => Values.Count;

    public float this[int index] => Values[index];
}
