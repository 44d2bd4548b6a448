using NodeHost.Diffusion.Conditions;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.Sampling.Guidance;

/// <summary>How much a condition's prediction counts at each place of its area.</summary>
internal static class ConditionWeights
{
    private const long Fade = 8;

    /// <summary>Weights that broadcast against the prediction [B, C, h, w].</summary>
    /// <param name="condition">The condition.</param>
    /// <param name="area">Its area on the canvas.</param>
    /// <param name="shape">Shape of the canvas [B, C, H, W].</param>
    public static Tensor Compute(PreparedCondition condition, LatentArea area, ReadOnlySpan<long> shape)
    {
        if (condition.Mask is { } mask)
        {
            var part = mask.Slice(1, area.Y, area.Y + area.Height).Slice(2, area.X, area.X + area.Width);
            return DenoiseMask.RepeatToBatch(part * condition.MaskStrength, shape[0]).Unsqueeze(1) * condition.Strength;
        }
        var rows = Profile(area.Height, area.Y, shape[2]);
        var columns = Profile(area.Width, area.X, shape[3]);
        var weights = Tensor.From(rows, area.Height, 1) * Tensor.From(columns, 1, area.Width);
        return weights.Reshape(1, 1, area.Height, area.Width) * condition.Strength;
    }

    /// <summary>The condition's area, or all of the canvas x.</summary>
    public static LatentArea AreaOf(PreparedCondition condition, Tensor x) =>
        condition.Area ?? new LatentArea(x.Length(2), x.Length(3), 0, 0);

    /// <summary>What conditions leave of weight 1 at every place of the canvas x; null where that is nothing.</summary>
    public static Tensor? Remaining(IEnumerable<PreparedCondition> conditions, Tensor x)
    {
        var remaining = Tensor.Ones(x.Shape, device: x.Device);
        foreach (var condition in conditions)
        {
            var area = AreaOf(condition, x);
            var part = remaining.Slice(2, area.Y, area.Y + area.Height).Slice(3, area.X, area.X + area.Width);
            part.AddInPlace(-Compute(condition, area, x.Shape).To(x.Device));
        }
        remaining = remaining.Clamp(0, null);
        return remaining.Any() ? remaining : null;
    }

    /// <summary>Ones that fade towards edges that are not the canvas's.</summary>
    private static float[] Profile(long length, long offset, long canvas)
    {
        var profile = new float[length];
        Array.Fill(profile, 1);
        var fade = Math.Min(Fade, length / 4);
        for (var index = 0; index < fade; index++)
        {
            var weight = (float)(1.0 / fade * (index + 1));
            if (offset != 0)
            {
                profile[index] *= weight;
            }
            if (length + offset < canvas)
            {
                profile[length - 1 - index] *= weight;
            }
        }
        return profile;
    }
}
