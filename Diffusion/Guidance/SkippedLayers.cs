using System.Collections.Frozen;
using System.Globalization;
using System.Text.RegularExpressions;
using NodeHost.Diffusion.Attention;
using NodeHost.Diffusion.Blocks;
using NodeHost.Diffusion.Models;

namespace NodeHost.Diffusion.Guidance;

/// <summary>Numbers of a transformer's blocks that are left out.</summary>
/// <param name="Double">Of its first kind (Flux: double blocks).</param>
/// <param name="Single">Of its second kind.</param>
public sealed partial record SkippedLayers(IReadOnlySet<int> Double, IReadOnlySet<int> Single)
{
    public bool IsEmpty => Double.Count == 0 && Single.Count == 0;

    /// <summary>Numbers out of texts, whatever stands between them.</summary>
    public static SkippedLayers Parse(string doubleLayers, string singleLayers) =>
        new(Numbers(doubleLayers), Numbers(singleLayers));

    public bool Contains(AttentionSite site)
    {
        ArgumentNullException.ThrowIfNull(site);
        return site.Block switch
        {
            "double" => Double.Contains(site.BlockIndex),
            "single" => Single.Contains(site.BlockIndex),
            _ => false,
        };
    }

    /// <summary>The model, its negative predictions made without them in a part of the run.</summary>
    public DiffusionModel WithoutInNegative(DiffusionModel model, double start, double end)
    {
        ArgumentNullException.ThrowIfNull(model);
        var hook = Hook(
            (part, step) =>
                part == 1
                && step.Sampling is { } sampling
                && step.Sigma <= sampling.PercentToSigma(start)
                && step.Sigma >= sampling.PercentToSigma(end)
        );
        return model with { BlockHooks = [.. model.BlockHooks, hook] };
    }

    /// <summary>A hook that leaves them out, where a condition holds.</summary>
    public ISkippingHook Hook(Func<int, ForwardStep, bool> applies) => new Skipping(this, applies);

    private static FrozenSet<int> Numbers(string text) =>
        DigitsPattern()
            .Matches(text)
            .Select(match => int.TryParse(match.ValueSpan, CultureInfo.InvariantCulture, out var number) ? number : -1)
            .ToFrozenSet();

    [GeneratedRegex("[0-9]+")]
    private static partial Regex DigitsPattern();

    private sealed class Skipping(SkippedLayers layers, Func<int, ForwardStep, bool> applies) : ISkippingHook
    {
        public bool Skips(AttentionSite site, int part, ForwardStep step) =>
            layers.Contains(site) && applies(part, step);
    }
}
