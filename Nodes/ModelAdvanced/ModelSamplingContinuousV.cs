using NodeHost.Diffusion.Models;
using NodeHost.Diffusion.Sampling;
using NodeHost.Graph.Contracts;

namespace NodeHost.Nodes.ModelAdvanced;

/// <summary>Samples a v-predicting model over a continuous range of noise levels.</summary>
[Node("ModelSamplingContinuousV", Category = "advanced/model", Module = "comfy_extras.nodes_model_advanced")]
public sealed class ModelSamplingContinuousV : INode<DiffusionModel>
{
    [Input]
    public required DiffusionModel Model { get; init; }

    [Choice("v_prediction")]
    public string Sampling { get; init; } = "v_prediction";

    [Number(0.0, 1000.0, Step = 0.001, NoRound = true)]
    public double SigmaMax { get; init; } = 500.0;

    [Number(0.0, 1000.0, Step = 0.001, NoRound = true)]
    public double SigmaMin { get; init; } = 0.03;

    public DiffusionModel Execute(NodeContext context) =>
        Model with
        {
            Sampling = new ContinuousVelocityModelSampling(SigmaMin, SigmaMax),
        };
}
