using NodeHost.Diffusion.Latents;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.Blocks;

/// <summary>
/// FreeU, https://arxiv.org/abs/2309.11497: on the way up, half of the backbone's channels count for more and the skip
/// connection's low frequencies for less.
/// </summary>
/// <remarks>As https://github.com/ChenyangSi/FreeU (MIT), whose levels of 1280 and 640 channels are 4 and 2 times the first's.</remarks>
/// <param name="first">Backbone and skip factors of the level with 4 times the first level's channels.</param>
/// <param name="second">Those of the level with 2 times as many.</param>
/// <param name="followsStructure">
/// Whether the backbone's factor grows with its mean at each place, scaled to [0, 1] (version 2), equation 2 of the paper.
/// </param>
public sealed class FreeU(
    (double Backbone, double Skip) first,
    (double Backbone, double Skip) second,
    bool followsStructure
) : IFeatureHook
{
    private const int LowFrequencies = 1;

    public (Tensor Hidden, Tensor Skip) OnJoin(in FeatureCall call, Tensor hidden, Tensor skip)
    {
        ArgumentNullException.ThrowIfNull(hidden);
        ArgumentNullException.ThrowIfNull(skip);
        var (backbone, low) = (hidden.Length(1) / (double)call.ModelChannels) switch
        {
            4 => first,
            2 => second,
            _ => (1, 1),
        };
        return (
            backbone == 1 ? hidden : Amplify(hidden, backbone),
            low == 1 ? skip : FrequencyFilter.Apply(skip, low, 1, LowFrequencies)
        );
    }

    private Tensor Amplify(Tensor hidden, double factor)
    {
        using var scope = new TensorScope();
        var half = hidden.Length(1) / 2;
        var amplified = hidden.Slice(1, 0, half);
        amplified = followsStructure ? amplified * ((Structure(hidden) * (factor - 1)) + 1) : amplified * factor;
        return scope.Keep(Tensor.Concat([amplified, hidden.Slice(1, half)], 1));
    }

    /// <summary>Mean over channels [B, 1, H, W], from 0 at its lowest to 1 at its highest place.</summary>
    private static Tensor Structure(Tensor hidden)
    {
        var mean = hidden.Mean([1], keepDimensions: true);
        var lowest = mean.Min([1, 2, 3], keepDimensions: true);
        var highest = mean.Max([1, 2, 3], keepDimensions: true);
        return (mean - lowest) / (highest - lowest);
    }
}
