using NodeHost.Diffusion.Latents;
using NodeHost.Diffusion.Models;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.Blocks;

/// <summary>
/// Kohya's deep shrink: early in a run the deeper blocks of the UNet work on a smaller map, so that a picture larger than
/// those of the training is composed as one.
/// </summary>
/// <param name="block">Number of the block on the way down behind which the map is made smaller.</param>
/// <param name="factor">How many times smaller.</param>
/// <param name="start">Fraction of the run from which it applies.</param>
/// <param name="end">Fraction of the run up to which it applies.</param>
/// <param name="keepsSkip">Whether the block's skip connection stays large.</param>
/// <param name="downscaling">Method of making it smaller.</param>
/// <param name="upscaling">Method of making it as large as the skip connection it meets.</param>
public sealed class DeepShrink(
    int block,
    double factor,
    double start,
    double end,
    bool keepsSkip,
    string downscaling,
    string upscaling
) : IFeatureHook
{
    public Tensor OnInput(in FeatureCall call, Tensor hidden) => keepsSkip ? hidden : Shrink(call, hidden);

    public Tensor BehindSkip(in FeatureCall call, Tensor hidden) => keepsSkip ? Shrink(call, hidden) : hidden;

    public (Tensor Hidden, Tensor Skip) OnJoin(in FeatureCall call, Tensor hidden, Tensor skip)
    {
        ArgumentNullException.ThrowIfNull(skip);
        return (LatentResize.To(hidden, skip.Length(3), skip.Length(2), upscaling), skip);
    }

    private Tensor Shrink(in FeatureCall call, Tensor hidden) =>
        call.Site.BlockIndex == block && Covers(call.Step)
            ? LatentResize.To(hidden, Shrunk(hidden.Length(3)), Shrunk(hidden.Length(2)), downscaling)
            : hidden;

    private long Shrunk(long side) => Math.Max(1, (long)Math.Round(side / factor, MidpointRounding.ToEven));

    private bool Covers(ForwardStep step) =>
        step.Sampling is { } sampling
        && step.Sigma <= sampling.PercentToSigma(start)
        && step.Sigma >= sampling.PercentToSigma(end);
}
