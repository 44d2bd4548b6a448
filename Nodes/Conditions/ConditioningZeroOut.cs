using NodeHost.Diffusion.Conditions;
using NodeHost.Graph.Contracts;
using NodeHost.Tensors;

namespace NodeHost.Nodes.Conditions;

/// <summary>Replaces a prompt's vectors by zeros.</summary>
[Node("ConditioningZeroOut", Category = "advanced/conditioning")]
public sealed class ConditioningZeroOut : INode<Conditioning>
{
    [Input]
    public required Conditioning Conditioning { get; init; }

    public Conditioning Execute(NodeContext context) =>
        Conditioning.Select(entry =>
            entry with
            {
                Context = Tensor.ZerosLike(entry.Context),
                Pooled = entry.Pooled is null ? null : Tensor.ZerosLike(entry.Pooled),
            }
        );
}
