using NodeHost.Diffusion.Models;
using NodeHost.Diffusion.Text;

namespace NodeHost.Diffusion.Merging;

/// <summary>Arithmetic of models, weight by weight; the first operand keeps its settings.</summary>
public static class ModelMerge
{
    /// <summary><c>first * ratio + second * (1 - ratio)</c>.</summary>
    public static DiffusionModel Mix(DiffusionModel first, DiffusionModel second, double ratio) =>
        Combine(first, second, _ => (ratio, 1 - ratio));

    /// <summary>As <see cref="Mix(DiffusionModel, DiffusionModel, double)"/>, with a share for each block.</summary>
    public static DiffusionModel Mix(DiffusionModel first, DiffusionModel second, BlockRatios ratios) =>
        Combine(
            first,
            second,
            name =>
            {
                var ratio = ratios.Of(name);
                return (ratio, 1 - ratio);
            }
        );

    /// <summary><c>(first - second) * multiplier</c>.</summary>
    public static DiffusionModel Subtract(DiffusionModel first, DiffusionModel second, double multiplier) =>
        Combine(first, second, _ => (multiplier, -multiplier));

    /// <summary><c>first + second</c>.</summary>
    public static DiffusionModel Add(DiffusionModel first, DiffusionModel second) =>
        Combine(first, second, _ => (1, 1));

    /// <inheritdoc cref="Mix(DiffusionModel, DiffusionModel, double)"/>
    public static Clip Mix(Clip first, Clip second, double ratio) => Combine(first, second, _ => (ratio, 1 - ratio));

    /// <inheritdoc cref="Subtract(DiffusionModel, DiffusionModel, double)"/>
    public static Clip Subtract(Clip first, Clip second, double multiplier) =>
        Combine(first, second, _ => (multiplier, -multiplier));

    /// <inheritdoc cref="Add(DiffusionModel, DiffusionModel)"/>
    public static Clip Add(Clip first, Clip second) => Combine(first, second, _ => (1, 1));

    /// <summary>What the weights of a merged model that have no counterpart are; null where each has one.</summary>
    public static string? DescribeUnmatched(DiffusionModel merged)
    {
        ArgumentNullException.ThrowIfNull(merged);
        return merged.Patches is [.., { Adapter: MergedModel other }]
            ? merged.Source.Targets.Select(other.DescribeUnmatched).FirstOrDefault(text => text is not null)
            : null;
    }

    /// <inheritdoc cref="DescribeUnmatched(DiffusionModel)"/>
    public static string? DescribeUnmatched(Clip merged)
    {
        ArgumentNullException.ThrowIfNull(merged);
        return merged.Patches is [.., { Adapter: MergedModel other }]
            ? merged.Encoder.Targets.Select(other.DescribeUnmatched).FirstOrDefault(text => text is not null)
            : null;
    }

    private static DiffusionModel Combine(
        DiffusionModel first,
        DiffusionModel second,
        Func<string, (double Own, double Other)> factors
    )
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        var other = new MergedModel(second.Source.Parts, second.Patches, factors);
        return first with { Patches = [.. first.Patches, new(other, 1)] };
    }

    private static Clip Combine(Clip first, Clip second, Func<string, (double Own, double Other)> factors)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        var other = new MergedModel(second.Encoder.Parts, second.Patches, factors);
        return first with { Patches = [.. first.Patches, new(other, 1)] };
    }
}
