namespace NodeHost.Benchmarks;

/// <summary>One figure.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Value">How much.</param>
/// <param name="Unit">Of what.</param>
internal sealed record Measurement(string Name, double Value, string Unit)
{
    /// <summary>What it is compared with: an aim, a floor, a reference; empty where it stands alone.</summary>
    public string Against { get; init; } = "";
}
