using NodeHost.Diffusion.Conditions;
using NodeHost.Diffusion.Hooks;
using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Values;

namespace NodeHost.Nodes.Hooks;

/// <summary>Sets where, when and with which hooks a prompt applies.</summary>
[Node(
    "ConditioningSetProperties",
    Category = "advanced/hooks/cond single",
    DisplayName = "Cond Set Props",
    Module = HookNode.Module,
    Experimental = true
)]
public sealed class ConditioningSetProperties : INode<Conditioning>
{
    [Input(Name = "cond_NEW")]
    public required Conditioning CondNew { get; init; }

    [Number(0.0, 10.0, Step = 0.01)]
    public double Strength { get; init; } = 1.0;

    [Choice(HookNode.DefaultArea, HookNode.MaskBounds)]
    public string SetCondArea { get; init; } = HookNode.DefaultArea;

    [Input]
    public Mask? Mask { get; init; }

    [Input]
    public HookGroup? Hooks { get; init; }

    [Input]
    public TimestepsRange? Timesteps { get; init; }

    public Conditioning Execute(NodeContext context) => Properties.ApplyTo(CondNew);

    private ConditionProperties Properties => new(Strength, SetCondArea, Mask, Hooks, Timesteps);
}
