using NodeHost.Diffusion.Conditions;
using NodeHost.Graph.Contracts;
using NodeHost.Tensors;

namespace NodeHost.Nodes.Conditions;

/// <summary>Puts one prompt's tokens behind another's.</summary>
[Node("ConditioningConcat", Category = "conditioning", DisplayName = "Conditioning (Concat)")]
public sealed class ConditioningConcat : INode<Conditioning>
{
    [Input]
    public required Conditioning ConditioningTo { get; init; }

    [Input]
    public required Conditioning ConditioningFrom { get; init; }

    public Conditioning Execute(NodeContext context)
    {
        var appended = ConditioningFrom.Entries[0].Context;
        if (ConditioningFrom.Entries.Count > 1)
        {
            context.Warn("ConditioningConcat: only the first prompt of conditioning_from is used.");
        }
        return ConditioningTo.Select(entry => entry with { Context = Tensor.Concat([entry.Context, appended], 1) });
    }
}
