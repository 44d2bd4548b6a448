using NodeHost.Tensors;

namespace NodeHost.Images.Operations;

/// <summary>The usual blend modes, colour by colour, on values from 0 to 1.</summary>
/// <remarks>https://www.w3.org/TR/compositing-1/#blending; difference keeps its sign, as ComfyUI's does.</remarks>
public static class Blending
{
    public static Tensor Blend(Tensor lower, Tensor upper, BlendMode mode) =>
        mode switch
        {
            BlendMode.Normal => upper,
            BlendMode.Multiply => lower * upper,
            BlendMode.Screen => 1 - ((1 - lower) * (1 - upper)),
            BlendMode.Overlay => lower.LessOrEqual(0.5).Where(2 * lower * upper, 1 - (2 * (1 - lower) * (1 - upper))),
            BlendMode.SoftLight => SoftLight(lower, upper),
            BlendMode.Difference => lower - upper,
            _ => throw new ArgumentOutOfRangeException(nameof(mode), mode, "unknown blend mode"),
        };

    private static Tensor SoftLight(Tensor lower, Tensor upper)
    {
        var curve = lower.LessOrEqual(0.25).Where(((((16 * lower) - 12) * lower) + 4) * lower, lower.Sqrt());
        return upper
            .LessOrEqual(0.5)
            .Where(lower - ((1 - (2 * upper)) * lower * (1 - lower)), lower + (((2 * upper) - 1) * (curve - lower)));
    }
}
