using NodeHost.Diffusion.Conditions;
using NodeHost.Graph.Contracts;
using NodeHost.Tensors;

namespace NodeHost.Nodes.Conditions;

/// <summary>Mixes the vectors of two prompts.</summary>
[Node("ConditioningAverage", Category = "conditioning")]
public sealed class ConditioningAverage : INode<Conditioning>
{
    [Input]
    public required Conditioning ConditioningTo { get; init; }

    [Input]
    public required Conditioning ConditioningFrom { get; init; }

    [Number(0.0, 1.0, Step = 0.01)]
    public double ConditioningToStrength { get; init; } = 1.0;

    public Conditioning Execute(NodeContext context)
    {
        var from = ConditioningFrom.Entries[0];
        if (ConditioningFrom.Entries.Count > 1)
        {
            context.Warn("ConditioningAverage: only the first prompt of conditioning_from is used.");
        }
        return ConditioningTo.Select(entry =>
            entry with
            {
                Context = Mix(entry.Context, Fit(from.Context, entry.Context)),
                Pooled = from.Pooled is { } pooled ? Mix(entry.Pooled ?? pooled, pooled) : entry.Pooled,
            }
        );
    }

    private Tensor Mix(Tensor to, Tensor from) => (to * ConditioningToStrength) + (from * (1 - ConditioningToStrength));

    /// <summary>The first tokens, zeros behind them where there are too few.</summary>
    private static Tensor Fit(Tensor from, Tensor to)
    {
        var fitted = from.Slice(1, 0, to.Length(1));
        var missing = to.Length(1) - fitted.Length(1);
        return missing == 0 ? fitted : fitted.Pad([0, 0, 0, missing]);
    }
}
