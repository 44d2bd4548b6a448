using NodeHost.Diffusion.Conditions;
using NodeHost.Graph.Contracts;

namespace NodeHost.Nodes.Conditions;

/// <summary>Applies two prompts side by side; their predictions are averaged.</summary>
[Node("ConditioningCombine", Category = "conditioning", DisplayName = "Conditioning (Combine)")]
public sealed class ConditioningCombine : INode<Conditioning>
{
    [Input(Name = "conditioning_1")]
    public required Conditioning Conditioning1 { get; init; }

    [Input(Name = "conditioning_2")]
    public required Conditioning Conditioning2 { get; init; }

    public Conditioning Execute(NodeContext context) => new([.. Conditioning1.Entries, .. Conditioning2.Entries]);
}
