using NodeHost.Tensors;

namespace NodeHost.Diffusion.Checkpoints;

/// <summary>Multiplies weights by factors that depend on their names: an adapter without a file.</summary>
/// <param name="role">The kind of network it changes.</param>
/// <param name="factor">The factor of a weight (name without the checkpoint's prefix); 1 leaves it alone.</param>
public sealed class WeightScaling(ModelRole role, Func<string, double> factor) : IWeightAdapter
{
    public IWeightPatcher? For(WeightTarget target, double strength)
    {
        ArgumentNullException.ThrowIfNull(target);
        return target.Role == role ? new Patcher(name => 1 + ((factor(name) - 1) * strength)) : null;
    }

    private sealed class Patcher(Func<string, double> factor) : IWeightPatcher
    {
        public bool Patches(string name) => factor(name) != 1;

        public Tensor Patch(string name, Tensor weight) => weight * factor(name);
    }
}
