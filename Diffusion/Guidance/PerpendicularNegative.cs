using NodeHost.Tensors;

namespace NodeHost.Diffusion.Guidance;

/// <summary>
/// Perp-Neg, https://arxiv.org/abs/2304.04968: of what the negative prompt adds to the empty one, only the part
/// perpendicular to what the positive prompt adds is taken away.
/// </summary>
internal static class PerpendicularNegative
{
    /// <param name="positive">Denoised under the positive prompt.</param>
    /// <param name="negative">Denoised under the negative prompt.</param>
    /// <param name="empty">Denoised under no prompt.</param>
    /// <param name="weight">Weight of the negative prompt.</param>
    /// <param name="scale">How far to go.</param>
    public static Tensor Guide(Tensor positive, Tensor negative, Tensor empty, double weight, double scale)
    {
        using var scope = new TensorScope();
        long[] sample = [1, 2, 3];
        var (towards, away) = (positive - empty, negative - empty);
        // Without a direction to be perpendicular to, all of it is.
        var squares = towards.Pow(2).Sum(sample, keepDimensions: true).Clamp(1e-30, null);
        var perpendicular = away - (towards * ((away * towards).Sum(sample, keepDimensions: true) / squares));
        return scope.Keep(empty + ((towards - (perpendicular * weight)) * scale));
    }
}
