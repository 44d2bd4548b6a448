namespace NodeHost.Diffusion.Conditions;

/// <summary>What SDXL is told of the picture: its size before training cut it, where it was cut, the size wanted. Null = the latent's.</summary>
public sealed record PictureSizes
{
    public long? Width { get; init; }

    public long? Height { get; init; }

    public long CropWidth { get; init; }

    public long CropHeight { get; init; }

    /// <summary>Null = <see cref="Width"/>.</summary>
    public long? TargetWidth { get; init; }

    /// <summary>Null = <see cref="Height"/>.</summary>
    public long? TargetHeight { get; init; }

    /// <summary>How much people would like the picture, for the refiner; null = its defaults.</summary>
    public double? AestheticScore { get; init; }
}
