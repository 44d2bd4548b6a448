using NodeHost.Diffusion.Checkpoints;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.Lora;

/// <summary>Another checkpoint as an adapter: <c>W + strength * (W' - W)</c> for every weight of equal name and shape.</summary>
/// <param name="parts">The other checkpoint's networks.</param>
public sealed class CheckpointDifference(IReadOnlyList<ModelPart> parts) : IWeightAdapter
{
    public IWeightPatcher? For(WeightTarget target, double strength)
    {
        ArgumentNullException.ThrowIfNull(target);
        var part = parts.FirstOrDefault(candidate =>
            candidate.Target.Role == target.Role && candidate.Target.Part == target.Part
        );
        return part is null || strength == 0 ? null : new Patcher(part, strength);
    }

    private sealed class Patcher(ModelPart part, double strength) : IWeightPatcher
    {
        public bool Patches(string name) => part.Target.Weights.ContainsKey(name);

        public Tensor Patch(string name, Tensor weight)
        {
            using var scope = new TensorScope();
            var other = part.Source.Read(part.Prefix + name).To(DType.Float32);
            return other.Shape.SequenceEqual(weight.Shape)
                ? scope.Keep(weight + ((other - weight) * strength))
                : weight;
        }
    }
}
