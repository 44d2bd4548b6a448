using System.Globalization;

namespace NodeHost.Diffusion.Blocks;

/// <summary>Chance that differs from layer to layer and from step to step, and is the same for the same run.</summary>
internal static class StepRandom
{
    private const uint OffsetBasis = 2166136261;
    private const uint Prime = 16777619;

    public static Random For(in AttentionLayerCall call)
    {
        var hash = OffsetBasis;
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"{call.Site.Name} {call.Site.TransformerIndex} {call.Step.Sigma:R}"
        );
        foreach (var character in text)
        {
            hash = (hash ^ character) * Prime;
        }
        return new Random((int)(hash & int.MaxValue));
    }
}
