using NodeHost.Diffusion.Models;
using NodeHost.Diffusion.Sampling;
using NodeHost.Diffusion.Sampling.Parameterizations;
using NodeHost.Graph.Contracts;

namespace NodeHost.Nodes.ModelAdvanced;

/// <summary>Samples over a continuous range of noise levels.</summary>
[Node("ModelSamplingContinuousEDM", Category = "advanced/model", Module = "comfy_extras.nodes_model_advanced")]
public sealed class ModelSamplingContinuousEdm : INode<DiffusionModel>
{
    [Input]
    public required DiffusionModel Model { get; init; }

    [Choice("v_prediction", "edm", "edm_playground_v2.5", "eps", "cosmos_rflow")]
    public string Sampling { get; init; } = "v_prediction";

    [Number(0.0, 1000.0, Step = 0.001, NoRound = true)]
    public double SigmaMax { get; init; } = 120.0;

    [Number(0.0, 1000.0, Step = 0.001, NoRound = true)]
    public double SigmaMin { get; init; } = 0.002;

    public DiffusionModel Execute(NodeContext context) =>
        Model with
        {
            Sampling = new ContinuousModelSampling(Prediction(), SigmaMin, SigmaMax),
        };

    private IPrediction Prediction() =>
        Sampling switch
        {
            "v_prediction" => new VelocityPrediction(),
            "edm" => new EdmPrediction(0.5),
            "eps" => new EpsPrediction(),
            _ => throw new NotSupportedException(
                $"ModelSamplingContinuousEDM, input 'sampling': '{Sampling}' belongs to a model family that NodeHost does "
                    + "not load. Choose v_prediction, edm or eps."
            ),
        };
}
