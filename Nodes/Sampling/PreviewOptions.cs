using NodeHost.Images;

namespace NodeHost.Nodes.Sampling;

/// <summary>Pictures of work in progress.</summary>
public sealed record PreviewOptions
{
    public PreviewMethod Method { get; init; } = PreviewMethod.None;

    /// <summary>Longer side of the pictures.</summary>
    public int Size { get; init; } = PreviewEncoder.DefaultLongerSide;
}
