using System.Globalization;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.Hooks;

/// <summary>Curves between two strengths.</summary>
public static class HookCurve
{
    public const string Linear = "linear";
    public const string EaseIn = "ease_in";
    public const string EaseOut = "ease_out";
    public const string EaseInOut = "ease_in_out";

    /// <summary>Values at equal distances along a curve, both ends included.</summary>
    public static IReadOnlyList<double> Values(string curve, double from, double to, int count)
    {
        using var scope = new TensorScope();
        var position = Tensor.Linspace(0, 1, count);
        var values = curve switch
        {
            Linear => Tensor.Linspace(from, to, count),
            EaseIn => (position.Pow(2) * (to - from)) + from,
            EaseOut => ((1 - (1 - position).Pow(2)) * (to - from)) + from,
            _ => ((1 - (position * Math.PI).Cos()) / 2 * (to - from)) + from,
        };
        return Array.ConvertAll(values.ToArray<float>(), value => (double)value);
    }

    /// <summary>A line for each keyframe.</summary>
    public static string Describe(HookKeyframes keyframes)
    {
        ArgumentNullException.ThrowIfNull(keyframes);
        return string.Join(
            '\n',
            keyframes.Keyframes.Select(keyframe =>
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"from {keyframe.StartPercent:0.###}: {keyframe.Strength:0.###}"
                )
            )
        );
    }
}
