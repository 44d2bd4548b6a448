using NodeHost.Diffusion.Attention;
using NodeHost.Diffusion.Checkpoints;
using NodeHost.Diffusion.Layers;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.Networks.UNet;

/// <summary>A numbered block on the way down: the first convolution, a downsampling, or a residual block.</summary>
internal sealed class InputStage(Weights w, UNetConfig config, UNetPlan.Stage plan)
{
    private readonly Conv2d? _convolution = plan.Resampling switch
    {
        UNetPlan.Resampling.First => new(w[0], config.InputChannels, plan.Outputs, kernel: 3, padding: 1),
        UNetPlan.Resampling.Down => new(w[0]["op"], plan.Inputs, plan.Outputs, kernel: 3, stride: 2, padding: 1),
        _ => null,
    };
    private readonly UNetBlock? _block =
        plan.Resampling == UNetPlan.Resampling.None
            ? new(w, config, plan.Inputs, plan.Outputs, plan.Depth, plan.Site)
            : null;

    public AttentionSite Site { get; } = plan.Site;

    public Tensor Forward(Tensor x, Tensor embedding, Tensor context) =>
        _convolution?.Forward(x) ?? _block!.Forward(x, embedding, context);
}

/// <summary>A numbered block on the way up: joins the skip connection, and enlarges at the end of a level.</summary>
internal sealed class OutputStage(Weights w, UNetConfig config, UNetPlan.Stage plan)
{
    private readonly UNetBlock _block = new(w, config, plan.Inputs, plan.Outputs, plan.Depth, plan.Site);
    private readonly Conv2d? _upsampled =
        plan.Resampling == UNetPlan.Resampling.Up
            ? new(w[plan.Depth == 0 ? 1 : 2]["conv"], plan.Outputs, plan.Outputs, kernel: 3, padding: 1)
            : null;

    public AttentionSite Site { get; } = plan.Site;

    /// <param name="target">The next skip connection: enlarging ends at its height and width, odd ones too.</param>
    public Tensor Forward(Tensor x, Tensor skip, Tensor embedding, Tensor context, Tensor target)
    {
        x = _block.Forward(Tensor.Concat([x, skip], 1), embedding, context);
        return _upsampled is null
            ? x
            : _upsampled.Forward(
                Functional.Interpolate(x, target.Length(2), target.Length(3), InterpolationMode.Nearest)
            );
    }
}
