namespace NodeHost.Diffusion.FluxSpace.Analysis;

/// <summary>How a response follows the scale.</summary>
public enum ResponseClass
{
    /// <summary>Class A: a straight line.</summary>
    Linear,

    /// <summary>Class B: rising, and levelling off.</summary>
    Saturating,

    /// <summary>Class C: not monotone.</summary>
    NonMonotone,
}
