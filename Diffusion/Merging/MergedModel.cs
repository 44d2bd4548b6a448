using NodeHost.Diffusion.Checkpoints;
using NodeHost.Diffusion.Models;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.Merging;

/// <summary>Another model, with its own adapters, as an adapter: <c>W * own + W' * other</c> for weights of equal name and shape.</summary>
/// <param name="parts">The other model's networks.</param>
/// <param name="patches">What is merged into them.</param>
/// <param name="factors">What the weights of a name are multiplied with.</param>
public sealed class MergedModel(
    IReadOnlyList<ModelPart> parts,
    IReadOnlyList<WeightPatch> patches,
    Func<string, (double Own, double Other)> factors
) : IWeightAdapter
{
    /// <summary>Numbers that belong to no layer; text encoders are merged without them.</summary>
    private static readonly string[] Kept = ["position_ids", "logit_scale"];

    public IWeightPatcher? For(WeightTarget target, double strength)
    {
        ArgumentNullException.ThrowIfNull(target);
        return strength != 0 && Counterpart(target) is { } part
            ? new Patcher(part, part.Open(patches, keptBytes: 0), factors, strength)
            : null;
    }

    /// <summary>One sentence on weights of a network that have no counterpart; null where each has one.</summary>
    public string? DescribeUnmatched(WeightTarget target)
    {
        ArgumentNullException.ThrowIfNull(target);
        if (Counterpart(target) is not { } part)
        {
            return $"The other model has nothing to merge into the {target.Part} {target.Role}; it stays as it is.";
        }
        var alone = target.Weights.Keys.Where(name => !IsKept(name) && !HasTwin(part, name, target.Weights[name]));
        var names = alone.ToArray();
        return names.Length == 0
            ? null
            : $"{part.Name}: {names.Length} of {target.Weights.Count} weights are missing or of another shape, such as "
                + $"'{names[0]}' {target.Weights[names[0]]}; they stay as they are. Merge models of one family.";
    }

    // Which family of diffusion model it is does not matter: names and shapes decide.
    private ModelPart? Counterpart(WeightTarget target) =>
        parts.FirstOrDefault(part =>
            part.Role == target.Role && (part.Role != ModelRole.TextEncoder || part.Target.Part == target.Part)
        );

    private static bool IsKept(string name) => Array.Exists(Kept, name.EndsWith);

    private static bool HasTwin(ModelPart part, string name, WeightInfo own) =>
        part.Target.Weights.TryGetValue(name, out var other) && other.Shape.SequenceEqual(own.Shape);

    private sealed class Patcher(
        ModelPart part,
        WeightSet weights,
        Func<string, (double Own, double Other)> factors,
        double strength
    ) : IWeightPatcher
    {
        public bool Patches(string name) => part.Target.Weights.ContainsKey(name) && !IsKept(name);

        public Tensor Patch(string name, Tensor weight)
        {
            if (!part.Target.Weights[name].Shape.SequenceEqual(weight.Shape.ToArray()))
            {
                return weight;
            }
            var (own, other) = factors(name);
            using var scope = new TensorScope();
            var merged = own == 1 ? weight.Clone() : weight * own;
            if (other * strength != 0)
            {
                merged.AddInPlace(weights.ReadUnrounded(name) * (other * strength));
            }
            return scope.Keep(merged);
        }
    }
}
