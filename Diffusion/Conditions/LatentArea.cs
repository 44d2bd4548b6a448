namespace NodeHost.Diffusion.Conditions;

/// <summary>A rectangle in latent pixels.</summary>
public readonly record struct LatentArea(long Height, long Width, long Y, long X)
{
    /// <summary>Whether this rectangle lies within another.</summary>
    public bool IsWithin(LatentArea other) =>
        Y >= other.Y && X >= other.X && Y + Height <= other.Y + other.Height && X + Width <= other.X + other.Width;

    /// <summary>The part that lies on a canvas of this size.</summary>
    public LatentArea On(long height, long width) =>
        this with
        {
            Height = Math.Min(height - Y, Height),
            Width = Math.Min(width - X, Width),
        };
}
