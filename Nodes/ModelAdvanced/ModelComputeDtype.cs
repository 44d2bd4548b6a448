using NodeHost.Diffusion.Models;
using NodeHost.Graph.Contracts;
using NodeHost.Tensors;

namespace NodeHost.Nodes.ModelAdvanced;

/// <summary>Says what element type a model computes in.</summary>
/// <remarks>CPUs have no float16 arithmetic: there it stays float32, which holds every float16 number.</remarks>
[Node("ModelComputeDtype", Category = "advanced/debug/model", Module = "comfy_extras.nodes_model_advanced")]
public sealed class ModelComputeDtype : INode<DiffusionModel>
{
    [Input]
    public required DiffusionModel Model { get; init; }

    [Choice("default", "fp32", "fp16", "bf16", Name = "dtype")]
    public string Type { get; init; } = "default";

    public DiffusionModel Execute(NodeContext context) =>
        Model with
        {
            ComputeType = Type switch
            {
                "fp32" => DType.Float32,
                "fp16" => DType.Float16,
                "bf16" => DType.BFloat16,
                _ => null,
            },
        };
}
