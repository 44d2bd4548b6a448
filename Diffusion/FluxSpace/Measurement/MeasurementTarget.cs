namespace NodeHost.Diffusion.FluxSpace.Measurement;

/// <summary>Where an edit's measurements go.</summary>
public sealed record MeasurementTarget
{
    /// <summary>Full path of the statistics (<c>.npz</c>, or <c>.v2.npz</c> for the short form); null for none.</summary>
    public string? Path { get; init; }

    /// <summary>Full path of whole tensors of the difference at <see cref="FullSites"/>; null for none.</summary>
    public string? FullPath { get; init; }

    /// <summary>Steps and blocks whose whole difference is wanted.</summary>
    public IReadOnlyList<CaptureSite> FullSites { get; init; } = [];

    /// <summary>Whether the statistics take the short form: means in half precision.</summary>
    internal bool IsShort => Path?.EndsWith(".v2.npz", StringComparison.OrdinalIgnoreCase) == true;
}
