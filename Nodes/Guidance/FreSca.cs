using NodeHost.Diffusion.Guidance;
using NodeHost.Diffusion.Models;
using NodeHost.Graph.Contracts;

namespace NodeHost.Nodes.Guidance;

/// <summary>Scales low and high frequencies of guidance apart.</summary>
[Node(
    "FreSca",
    Category = "_for_testing",
    DisplayName = "FreSca",
    Description = "Applies frequency-dependent scaling to the guidance",
    Module = "comfy_extras.nodes_fresca",
    Schema = NodeSchema.V3,
    Experimental = true
)]
public sealed class FreSca : INode<DiffusionModel>
{
    [Input]
    public required DiffusionModel Model { get; init; }

    [Number(0.0, 10.0, Step = 0.01, Tooltip = "Scaling factor for low-frequency components")]
    public double ScaleLow { get; init; } = 1.0;

    [Number(0.0, 10.0, Step = 0.01, Tooltip = "Scaling factor for high-frequency components")]
    public double ScaleHigh { get; init; } = 1.25;

    [Number(1, 10000, Step = 1, Tooltip = "Number of frequency indices around center to consider as low-frequency")]
    public int FreqCutoff { get; init; } = 20;

    public DiffusionModel Execute(NodeContext context) =>
        Model with
        {
            PredictionHooks = [.. Model.PredictionHooks, new FrequencyScaling(ScaleLow, ScaleHigh, FreqCutoff)],
        };
}
