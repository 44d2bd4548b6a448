using NodeHost.Diffusion.Models;
using NodeHost.Diffusion.Sampling;
using NodeHost.Diffusion.Sampling.Parameterizations;
using NodeHost.Graph.Contracts;

namespace NodeHost.Nodes.ModelAdvanced;

/// <summary>Says what a model with a table of noise levels predicts.</summary>
[Node("ModelSamplingDiscrete", Category = "advanced/model", Module = "comfy_extras.nodes_model_advanced")]
public sealed class ModelSamplingDiscrete : INode<DiffusionModel>
{
    [Input]
    public required DiffusionModel Model { get; init; }

    [Choice("eps", "v_prediction", "lcm", "x0", "img_to_img")]
    public string Sampling { get; init; } = "eps";

    [Toggle]
    public bool Zsnr { get; init; }

    public DiffusionModel Execute(NodeContext context) =>
        Model with
        {
            Sampling = Sampling switch
            {
                "lcm" => DiscreteModelSampling.Distilled(zeroTerminalSnr: Zsnr),
                "v_prediction" => Table(new VelocityPrediction()),
                "x0" => Table(new X0Prediction()),
                "img_to_img" => Table(new ImageToImagePrediction()),
                _ => Table(new EpsPrediction()),
            },
        };

    private DiscreteModelSampling Table(IPrediction prediction) =>
        Zsnr ? DiscreteModelSampling.WithZeroTerminalSnr(prediction) : new DiscreteModelSampling(prediction);
}
