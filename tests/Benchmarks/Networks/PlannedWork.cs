namespace NodeHost.Benchmarks.Networks;

/// <summary>One layer's arithmetic.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Outputs">Output channels; for attention the number of keys.</param>
/// <param name="Inputs">Input channels; for attention the width over all heads.</param>
/// <param name="Positions">Where it is applied: samples times elements or tokens.</param>
internal sealed record PlannedWork(WorkKind Kind, long Outputs, long Inputs, double Positions)
{
    /// <summary>Multiplications and additions.</summary>
    public double Operations =>
        Outputs
        * Inputs
        * Positions
        * Kind switch
        {
            WorkKind.Convolution => 18.0,
            WorkKind.Attention => 4.0,
            _ => 2.0,
        };
}

/// <summary>Kinds of layer that do nearly all arithmetic; convolutions are 3x3, those of 1x1 count as linear.</summary>
internal enum WorkKind
{
    Linear,
    Convolution,
    Attention,
}
