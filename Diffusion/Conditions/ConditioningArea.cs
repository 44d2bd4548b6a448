namespace NodeHost.Diffusion.Conditions;

/// <summary>A rectangle of the latent, in latent pixels or in fractions of its size.</summary>
public sealed record ConditioningArea(double Height, double Width, double Y, double X, bool IsFraction = false)
{
    /// <summary>The rectangle in latent pixels.</summary>
    public LatentArea Resolve(long height, long width) =>
        IsFraction
            ? new LatentArea(
                Math.Max(1, Rounded(Height * height)),
                Math.Max(1, Rounded(Width * width)),
                Rounded(Y * height),
                Rounded(X * width)
            )
            : new LatentArea((long)Height, (long)Width, (long)Y, (long)X);

    private static long Rounded(double value) => (long)Math.Round(value, MidpointRounding.ToEven);
}
