using NodeHost.Diffusion.Models;
using NodeHost.Graph.Contracts;

namespace NodeHost.Nodes.CustomSampling;

/// <summary>The noise level at a fraction of a model's run.</summary>
[Node(
    "SamplingPercentToSigma",
    Category = "sampling/custom_sampling/sigmas",
    Module = "comfy_extras.nodes_custom_sampler"
)]
[Output(0, Name = "sigma_value")]
public sealed class SamplingPercentToSigma : INode<double>
{
    [Input(WithOptions = true)]
    public required DiffusionModel Model { get; init; }

    [Number(0.0, 1.0, Step = 0.0001)]
    public double SamplingPercent { get; init; }

    [Toggle(
        Tooltip = "Return the actual sigma value instead of the value used for interval checks.\nThis only affects results at 0.0 and 1.0."
    )]
    public bool ReturnActualSigma { get; init; }

    public double Execute(NodeContext context)
    {
        if (ReturnActualSigma && SamplingPercent is 0 or 1)
        {
            return SamplingPercent == 0 ? Model.Sampling.SigmaMax : Model.Sampling.SigmaMin;
        }
        return Model.Sampling.PercentToSigma(SamplingPercent);
    }
}
