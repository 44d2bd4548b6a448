namespace NodeHost.Graph.Contracts;

/// <summary>A seed: INT from 0 to 2^64-1 that the canvas can change after each run.</summary>
public sealed class SeedAttribute : NumberAttribute
{
    public SeedAttribute()
        : base((object)0L, ulong.MaxValue)
    {
        ControlAfterGenerate = true;
    }
}
