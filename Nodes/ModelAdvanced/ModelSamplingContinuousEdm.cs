using NodeHost.Diffusion.Models;
using NodeHost.Diffusion.Sampling;
using NodeHost.Diffusion.Sampling.Parameterizations;
using NodeHost.Graph.Contracts;

namespace NodeHost.Nodes.ModelAdvanced;

/// <summary>Samples over a continuous range of noise levels.</summary>
[Node("ModelSamplingContinuousEDM", Category = "advanced/model", Module = "comfy_extras.nodes_model_advanced")]
public sealed class ModelSamplingContinuousEdm : INode<DiffusionModel>
{
    private const string Playground = "edm_playground_v2.5";

    [Input]
    public required DiffusionModel Model { get; init; }

    [Choice("v_prediction", "edm", Playground, "eps", "cosmos_rflow")]
    public string Sampling { get; init; } = "v_prediction";

    [Number(0.0, 1000.0, Step = 0.001, NoRound = true)]
    public double SigmaMax { get; init; } = 120.0;

    [Number(0.0, 1000.0, Step = 0.001, NoRound = true)]
    public double SigmaMin { get; init; } = 0.002;

    public DiffusionModel Execute(NodeContext context) =>
        Model with
        {
            Sampling = Sampling switch
            {
                "edm" or Playground => new ContinuousModelSampling(new EdmPrediction(0.5), SigmaMin, SigmaMax),
                "eps" => new ContinuousModelSampling(new EpsPrediction(), SigmaMin, SigmaMax),
                "cosmos_rflow" => new ContinuousFlowModelSampling(SigmaMin, SigmaMax),
                _ => new ContinuousModelSampling(new VelocityPrediction(), SigmaMin, SigmaMax),
            },
            LatentFormat = Sampling == Playground ? LatentFormat.Playground : Model.LatentFormat,
        };
}
