using NodeHost.Diffusion.Conditions;
using NodeHost.Diffusion.FluxSpace;
using NodeHost.Graph.Contracts;

namespace NodeHost.Nodes.FluxSpace;

/// <summary>Moves an encoded prompt along a direction from a file.</summary>
[Node(WireName, Category = EditNode.Category, Module = EditNode.Module)]
public sealed class ApplyConditioningEdit : INode<Conditioning>, IFingerprintedNode
{
    private const string WireName = "ApplyConditioningEdit";

    [Input]
    public required Conditioning Conditioning { get; init; }

    [Text]
    public string EditNpzPath { get; init; } = "";

    [Number(-1000.0, 1000.0, Step = 0.001)]
    public double Strength { get; init; } = 0.0;

    public Conditioning Execute(NodeContext context) =>
        EditNpzPath.Length == 0 || Strength == 0
            ? Conditioning
            : InputArray.Read(
                context,
                EditNode.Name(context, WireName),
                "edit_npz_path",
                EditNpzPath,
                path => ConditioningEdit.Apply(Conditioning, path, Strength)
            );

    public object? Fingerprint(NodeContext context) => InputArray.Fingerprint(context, EditNpzPath);
}
